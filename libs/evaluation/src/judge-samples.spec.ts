import type { ImageSet } from './image-set.js';
import { judgeSamples } from './judge-samples.js';

/** Images of two pixels; a value of 2·p − 1 is the pixel p. */
function set(pixels: readonly [number, number][], labels: readonly number[]): ImageSet {
  return { images: Float32Array.from(pixels.flat(), (pixel) => 2 * pixel - 1), imageShape: [1, 2, 1], labels };
}

/** An examiner by the brighter pixel: 0 for the left one, 1 for the right one. */
const classifier = {
  predict: async (images: Float32Array) => Uint8Array.from({ length: images.length / 2 }, (_, i) => (images[2 * i]! >= images[2 * i + 1]! ? 0 : 1)),
  accuracy: async () => 0.75,
};

const train = set([[1, 0], [0, 1]], [0, 1]);
const heldOut = set([[1, 0.5], [0.5, 0], [0, 1], [0.5, 1]], [0, 0, 1, 1]);

describe('judgeSamples', () => {
  it('gives agreement, diversity and novelty as in a case small enough to work out by hand', async () => {
    const samples = set([[1, 0], [1, 0.25], [0, 1], [1, 0]], [0, 0, 1, 1]);
    const judgement = await judgeSamples({ samples, train, heldOut, classifier });
    expect(judgement.labelAgreement).toBe(0.75);
    // Wilson's interval of 3 of 4, from its formula with z = 1.959964.
    expect(judgement.labelAgreementInterval.lower).toBeCloseTo(0.3006, 4);
    expect(judgement.labelAgreementInterval.upper).toBeCloseTo(0.9544, 4);
    expect(judgement.classifierAccuracy).toBe(0.75);
    expect(judgement.withinClassDistance).toBeCloseTo((0.25 + Math.SQRT2) / 2, 6);
    expect(judgement.withinClassDistanceReal).toBeCloseTo((Math.SQRT1_2 + 0.5) / 2, 6);
    expect(judgement.diversityRatio).toBeCloseTo((0.25 + Math.SQRT2) / (Math.SQRT1_2 + 0.5), 6);
    expect(judgement.nearestTrainDistanceSamples).toBeCloseTo(0.25 / 4, 6);
    expect(judgement.nearestTrainDistanceHeldOut).toBeCloseTo((0.5 + 0.5 + 0 + 0.5) / 4, 6);
  });

  it('gives a diversity of 0 to one prototype a class', async () => {
    const samples = set([[1, 0], [1, 0], [0, 1], [0, 1]], [0, 0, 1, 1]);
    const { diversityRatio, labelAgreement } = await judgeSamples({ samples, train, heldOut, classifier });
    expect([diversityRatio, labelAgreement]).toEqual([0, 1]);
  });

  it('compares with the same classes of the held-out images only, each class weighing the same', async () => {
    const samples = set([[1, 0], [0.5, 0], [1, 0.5]], [0, 0, 0]);
    const { withinClassDistance, withinClassDistanceReal } = await judgeSamples({ samples, train, heldOut, classifier });
    expect(withinClassDistance).toBeCloseTo((0.5 + 0.5 + Math.SQRT1_2) / 3, 6);
    expect(withinClassDistanceReal).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('clamps samples to what a picture shows, for the classifier too', async () => {
    const seen: number[] = [];
    const spy = { ...classifier, predict: (images: Float32Array) => (seen.push(...images), classifier.predict(images)) };
    const beyond = { ...train, images: Float32Array.of(1.5, -3, 1, -1), labels: [0, 0] };
    const { withinClassDistance } = await judgeSamples({ samples: beyond, train, heldOut, classifier: spy });
    expect([withinClassDistance, seen]).toEqual([0, [1, -1, 1, -1]]);
  });

  it.each<[Partial<Parameters<typeof judgeSamples>[0]>, string]>([
    [{ samples: set([], []) }, 'samples: there are no images'],
    [{ train: { ...train, imageShape: [2, 1, 1] } }, 'samples are [1, 2, 1] images, real ones [2, 1, 1]'],
    [{ samples: train }, 'no class has two samples and two held-out images: there is no distance to average'],
  ])('refuses what cannot be judged (%#)', async (change, message) => {
    const judged = judgeSamples({ samples: heldOut, train, heldOut, classifier, ...change });
    await expect(judged).rejects.toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});
