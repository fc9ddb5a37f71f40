import { loadTensorFlow } from '@langevin/tf-runtime';
import { samplingNoise } from './sampling-noise.js';

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

const shape = [2, 3, 1] as const;
const values = (noise: { start(): { dataSync(): ArrayLike<number> } }) => Array.from(noise.start().dataSync());

describe('samplingNoise', () => {
  it('gives an image the same numbers whichever batch it falls into', () => {
    const together = samplingNoise(5, 0, 4, shape);
    const second = samplingNoise(5, 2, 2, shape);
    expect(values(second)).toEqual(values(together).slice(12));
    expect(Array.from(second.step(7).dataSync())).toEqual(Array.from(together.step(7).dataSync()).slice(12));
  });

  it('gives each image, step and seed numbers of its own', () => {
    const noise = samplingNoise(5, 0, 2, shape);
    const streams = [
      values(noise).slice(0, 6),
      values(noise).slice(6),
      Array.from(noise.step(0).dataSync()).slice(0, 6),
      Array.from(noise.step(1).dataSync()).slice(0, 6),
      values(samplingNoise(6, 0, 1, shape)),
    ];
    expect(new Set(streams.flat()).size).toBe(30);
  });

  it('is standard normal: mean and variance of 60,000 numbers within 5 standard errors (seed 1)', () => {
    const all = values(samplingNoise(1, 0, 10_000, shape));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + value * value, 0) / all.length - mean * mean;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(all.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / all.length));
  });
});
