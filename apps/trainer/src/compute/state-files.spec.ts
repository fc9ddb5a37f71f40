import { parseUNet2DConfig } from '@langevin/contracts';
import { unet2dLayout } from '@langevin/diffusion-core';
import { decodeSafetensors } from '@langevin/diffusion-core/io';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { decodeState, encodeState, type TrainingVectors } from './state-files.js';

const layoutOf = (channels: number) =>
  unet2dLayout(parseUNet2DConfig({ sample_size: 4, block_out_channels: [channels], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 2, norm_num_groups: 1 }));
const layout = layoutOf(2);

const normal = (sample: number): Float32Array => new PhiloxStream({ seed: 5, purpose: 'noise', sample }).fillNormal(new Float32Array(layout.total));
const vectors: TrainingVectors = { params: normal(0), ema: normal(1), m: normal(2), v: normal(3) };
const bitsOf = (vector: Float32Array): Uint32Array => new Uint32Array(vector.buffer, vector.byteOffset, vector.length);

describe('state files', () => {
  it('bring the state back bit for bit, whatever the bits are', () => {
    // Signalling and quiet NaNs with payloads, infinities, both zeros, the smallest denormals.
    const odd = [0x7fa00001, 0xffc12345, 0x7fffffff, 0x7f800000, 0xff800000, 0x00000000, 0x80000000, 0x00000001, 0x80000001];
    const strange = Object.fromEntries(
      (['params', 'ema', 'm', 'v'] as const).map((key, shift) => [key, new Float32Array(Uint32Array.from({ length: layout.total }, (_, i) => odd[(i + shift) % odd.length]!).buffer)]),
    ) as unknown as TrainingVectors; // The keys are those of the type.
    for (const state of [vectors, strange]) {
      const read = decodeState(encodeState(state, layout), layout);
      for (const key of ['params', 'ema', 'm', 'v'] as const) expect(bitsOf(read[key])).toEqual(bitsOf(state[key]));
    }
  });

  it('are the same bytes for the same state', () => {
    const copy: TrainingVectors = { params: vectors.params.slice(), ema: vectors.ema.slice(), m: vectors.m.slice(), v: vectors.v.slice() };
    expect(encodeState(copy, layout)).toEqual(encodeState(vectors, layout));
    copy.v[layout.total - 1]! += 1;
    expect(encodeState(copy, layout).optimizer).not.toEqual(encodeState(vectors, layout).optimizer);
  });

  it('name the tensors as diffusers and PyTorch do', () => {
    const names = (bytes: Uint8Array): string[] => decodeSafetensors(bytes).tensors.map((tensor) => tensor.name).sort();
    const files = encodeState(vectors, layout);
    const parameters = layout.entries.map((entry) => entry.name).sort();
    expect(names(files.weights)).toEqual(parameters);
    expect(names(files.ema)).toEqual(parameters);
    expect(names(files.optimizer)).toEqual([...parameters.map((name) => `exp_avg.${name}`), ...parameters.map((name) => `exp_avg_sq.${name}`)].sort());
  });

  it.each(['weights', 'ema', 'optimizer'] as const)('are refused by name: %s of another network, of other content, or cut', (name) => {
    const files = encodeState(vectors, layout);
    const wide = layoutOf(4);
    const other = encodeState({ params: new Float32Array(wide.total), ema: new Float32Array(wide.total), m: new Float32Array(wide.total), v: new Float32Array(wide.total) }, wide);
    const wrong = [other[name], name === 'optimizer' ? files.weights : files.optimizer, files[name].slice(0, -1), new Uint8Array(), Buffer.from('not safetensors at all')];
    for (const bytes of wrong) {
      expect(() => decodeState({ ...files, [name]: bytes }, layout)).toThrow(
        expect.objectContaining({ code: 'checkpoint_corrupt', message: expect.stringMatching(new RegExp(`^${name}\\.safetensors: `)) }),
      );
    }
  });
});
