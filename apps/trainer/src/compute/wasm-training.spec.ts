import { parseJobSpec } from '@langevin/contracts';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { loadTensorFlow } from '@langevin/tf-runtime';
import type { LeafBatch } from './protocol.js';
import { openArenaSession } from '../testing/arena-session.js';

/** Everything that the digits' network has, at 8×8. */
const spec = parseJobSpec({
  name: 'wasm',
  seed: 3,
  dataset: { name: 'none' },
  model: {
    sample_size: 8,
    block_out_channels: [8, 8],
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
    up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
    norm_num_groups: 4,
    num_class_embeds: 11,
  },
  process: { prediction_type: 'v_prediction' },
  training: { steps: 8, virtualWorkers: 1, microBatch: 4, learningRate: 2e-3, labelDropout: 0.2 },
  checkpoints: { everySteps: 8 },
});

const learnedSpec = parseJobSpec({ ...spec, model: { ...spec.model, out_channels: 2 }, training: { ...spec.training, loss: 'hybrid' } });

/** The classifier that guides it. */
const classifierSpec = parseJobSpec({
  name: 'wasm-classifier',
  seed: 3,
  dataset: { name: 'none' },
  model: { type: 'classifier2d', sample_size: 8, block_out_channels: [8, 8], down_block_types: ['DownBlock2D', 'AttnDownBlock2D'], norm_num_groups: 4, num_classes: 10 },
  training: { steps: 8, virtualWorkers: 1, microBatch: 4 },
  checkpoints: { everySteps: 8 },
});

function leaf(): LeafBatch {
  const images = new PhiloxStream({ seed: 1, purpose: 'augmentation' }).fillNormal(new Float32Array(4 * 64));
  return { images, labels: Int32Array.of(0, 3, 7, 9), weights: Float32Array.of(1, 1, 1, 1), firstSlot: 0 };
}

describe('the WebAssembly backend', () => {
  it.each([
    ['denoiser', spec],
    ['classifier', classifierSpec],
    ['denoiser that learns its variance', learnedSpec],
  ])('computes the gradient that plain JavaScript computes: %s', async (_, job) => {
    await loadTensorFlow({ backend: 'cpu' });
    const plain = openArenaSession({}, job, 0, null);
    const expected = plain.gradient(1, [leaf()]);
    plain.dispose();
    await loadTensorFlow({ backend: 'wasm' });
    const session = openArenaSession({}, job, 0, null);
    const actual = session.gradient(1, [leaf()]);
    session.dispose();
    expect(actual.lossSum).toBeCloseTo(expected.lossSum, 4);
    const largest = Math.max(...expected.gradient.map(Math.abs));
    const difference = actual.gradient.map((value, i) => value - (expected.gradient[i] ?? Number.NaN));
    expect(Math.max(...difference.map(Math.abs)) / largest).toBeLessThan(1e-4);
  }, 120_000);

  it('trains: the loss of one batch falls by half', async () => {
    await loadTensorFlow({ backend: 'wasm' });
    const session = openArenaSession({}, spec, 0, null);
    const losses: number[] = [];
    for (let step = 1; step <= 60; step++) {
      // The noise follows from the step: always step 1, so that the same batch is learnt.
      const { gradient, lossSum } = session.gradient(1, [leaf()]);
      losses.push(lossSum / 4);
      session.apply(step, gradient.map((value) => value / 4), 1e-2);
    }
    session.dispose();
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  }, 120_000);
});
