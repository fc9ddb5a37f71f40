import type { ImageSet } from './image-set.js';
import { judgeGuidance } from './judge-guidance.js';

/** Images of two pixels; a value of 2·p − 1 is the pixel p. */
const set = (pixels: readonly [number, number][], labels: readonly number[]): ImageSet => ({ images: Float32Array.from(pixels.flat(), (p) => 2 * p - 1), imageShape: [1, 2, 1], labels });
/** Reads the brighter pixel: 0 for the left one, 1 for the right one. */
const judge = { predict: async (images: Float32Array) => Uint8Array.from({ length: images.length / 2 }, (_, i) => (images[2 * i]! >= images[2 * i + 1]! ? 0 : 1)) };
const heldOut = set([[1, 0.5], [0.5, 0], [0, 1], [0.5, 1]], [0, 0, 1, 1]);

describe('judgeGuidance', () => {
  it('gives agreement with its interval, and variety within a label beside that of real images', async () => {
    const found = await judgeGuidance(set([[1, 0], [1, 0.25], [0, 1], [1, 0]], [0, 0, 1, 1]), heldOut, judge);
    expect(found.labelAgreement).toBe(0.75);
    // Wilson's interval of 3 of 4.
    expect(found.labelAgreementInterval.lower).toBeCloseTo(0.3006, 4);
    expect(found.labelAgreementInterval.upper).toBeCloseTo(0.9544, 4);
    expect(found.diversityRatio).toBeCloseTo((0.25 + Math.SQRT2) / (Math.SQRT1_2 + 0.5), 6);
  });

  it('shows the judge what a picture shows', async () => {
    const seen: number[] = [];
    const spy = { predict: (images: Float32Array) => (seen.push(...images), judge.predict(images)) };
    await judgeGuidance({ ...heldOut, images: Float32Array.of(1.5, -3, 1, -1, 0, 0.5, -2, 2) }, heldOut, spy);
    expect(seen).toEqual([1, -1, 1, -1, 0, 0.5, -1, 1]);
  });

  it('refuses sets that cannot be compared', async () => {
    await expect(judgeGuidance(set([], []), heldOut, judge)).rejects.toThrow('samples: there are no images');
    await expect(judgeGuidance(set([[1, 0], [0, 1]], [0, 1]), heldOut, judge)).rejects.toThrow('no class has two samples and two held-out images');
  });
});
