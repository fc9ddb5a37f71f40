import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseUNet2DConfig } from '@langevin/contracts';
import { areaDownsampled, besideLowResolution } from './low-resolution.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const plain = { sample_size: 6, in_channels: 2, block_out_channels: [4], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 4, norm_num_groups: 2 };
const x = normalTensor<tf.Rank.R4>([2, 6, 6, 1], 121);

describe('areaDownsampled', () => {
  it.each([1, 2, 3, 6])('is the mean of blocks of %i pixels a side', (factor) => {
    const before = tf.memory().numTensors;
    const y = areaDownsampled(x, factor);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(y.shape).toEqual([2, 6 / factor, 6 / factor, 1]);
    const [images, means] = [x.arraySync(), y.arraySync()];
    means.forEach((rows, b) => rows.forEach((row, i) => row.forEach(([value], j) => {
      let sum = 0;
      for (let di = 0; di < factor; di++) for (let dj = 0; dj < factor; dj++) sum += images[b]![i * factor + di]![j * factor + dj]![0]!;
      expect(value).toBeCloseTo(sum / factor ** 2, 5);
    })));
  });

  it('has the gradient of finite differences', () => {
    const { backward, central } = directionalDerivative((v) => tf.sum(tf.square(areaDownsampled(v as tf.Tensor4D, 3))), x, 122);
    expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });

  it.each([
    [[1, 4, 6, 1], '4×6'],
    [[1, 6, 4, 1], '6×4'],
  ] as const)('refuses images that its factor does not divide: %j', (shape, size) => {
    const refusal = { code: 'invalid_argument', message: `images of ${size} pixels have no means of 3×3: both must be divisible by 3` };
    expect(() => areaDownsampled(tf.zeros([...shape]), 3)).toThrow(expect.objectContaining(refusal));
  });
});

describe('besideLowResolution', () => {
  const config = parseUNet2DConfig({ ...plain, low_resolution: { factor: 3 } });
  const coarse = normalTensor<tf.Rank.R4>([2, 2, 2, 1], 123);

  /** Bilinear interpolation between the centres of pixels, which repeat beyond the border (PyTorch's `align_corners=False`). */
  function interpolated(image: number[][], i: number, j: number, factor: number): number {
    const side = image.length;
    const at = (position: number) => Math.min(side - 1, Math.max(0, (position + 0.5) / factor - 0.5));
    const [row, column] = [at(i), at(j)];
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [bottom, right] = [Math.min(side - 1, top + 1), Math.min(side - 1, left + 1)];
    const [u, v] = [row - top, column - left];
    return (1 - u) * ((1 - v) * image[top]![left]! + v * image[top]![right]!) + u * ((1 - v) * image[bottom]![left]! + v * image[bottom]![right]!);
  }

  it('puts the coarse image, interpolated, behind the noisy one', () => {
    const before = tf.memory().numTensors;
    const seen = besideLowResolution(config, x, coarse);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(seen.shape).toEqual([2, 6, 6, 2]);
    const [noisy, images] = [x.arraySync(), coarse.arraySync()];
    seen.arraySync().forEach((rows, b) => rows.forEach((row, i) => row.forEach(([first, second], j) => {
      expect(first).toBe(noisy[b]![i]![j]![0]);
      expect(second).toBeCloseTo(interpolated(images[b]!.map((line) => line.map(([value]) => value!)), i, j, 3), 5);
    })));
  });

  it('gives a network that is told of none the noisy image itself', () => {
    expect(besideLowResolution(parseUNet2DConfig(plain), x, undefined)).toBe(x);
  });

  it('refuses coarse images that are missing, superfluous or of another shape', () => {
    const refused = (message: string) => expect.objectContaining({ code: 'invalid_argument', message });
    expect(() => besideLowResolution(config, x, undefined)).toThrow(refused('images of low resolution are missing: the network is told of [2,2,2,1], by a factor of 3'));
    expect(() => besideLowResolution(config, x, tf.zeros([2, 3, 2, 1]))).toThrow(refused('images of low resolution have shape [2,3,2,1]: the network is told of [2,2,2,1], by a factor of 3'));
    expect(() => besideLowResolution(parseUNet2DConfig(plain), x, coarse)).toThrow(refused('images of low resolution were given, but the network is told of none (low_resolution is not set)'));
  });
});
