import { setImmediate } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import { labelAgreement, nearestDistances, type PointSet } from '@langevin/diffusion-core/metrics';
import { classDiversity, pixelVectors, type ClassDiversity } from './class-diversity.js';
import { imageCount, type ImageSet } from './image-set.js';
import type { DigitClassifier } from './train-digit-classifier.js';

/** What samples are judged by. */
export interface JudgeInput {
  /** What was drawn, with the labels that were asked for. Values beyond [−1, 1] are clamped, as in a picture. */
  readonly samples: ImageSet;
  /** What the model learned from. */
  readonly train: ImageSet;
  /** Real images that neither the model nor the classifier has seen. */
  readonly heldOut: ImageSet;
  /** Trained apart from the model. */
  readonly classifier: Pick<DigitClassifier, 'predict' | 'accuracy'>;
}

/**
 * How good samples are. Distances are Euclidean, between images as vectors of pixels from 0 to 1.
 */
export interface Judgement extends ClassDiversity {
  /** Share of samples that the classifier gives the label that was asked for. */
  readonly labelAgreement: number;
  /** Its 95 % interval (Wilson 1927). */
  readonly labelAgreementInterval: { readonly lower: number; readonly upper: number };
  /** Share of held-out images that the classifier gets right: what it is worth as an examiner. */
  readonly classifierAccuracy: number;
  /** Mean distance of a sample to the nearest training image. */
  readonly nearestTrainDistanceSamples: number;
  /** The same of held-out images; samples much below it are recited. */
  readonly nearestTrainDistanceHeldOut: number;
}

const QUERIES_AT_ONCE = 50;

/**
 * Judges samples: do they show what was asked for, are they varied, are they new? Exact, O(n²) in the number of images; lets
 * other work run in between.
 *
 * @throws LangevinError `invalid_argument` when sets are empty, differ in the shape of their images, or no class has two
 * samples and two held-out images
 */
export async function judgeSamples({ samples, train, heldOut, classifier }: JudgeInput): Promise<Judgement> {
  imageCount(samples, 'samples');
  imageCount(train, 'training images');
  imageCount(heldOut, 'held-out images');
  sameShape(samples, train);
  sameShape(samples, heldOut);
  const points = { samples: pixelVectors(samples), train: pixelVectors(train), heldOut: pixelVectors(heldOut) };
  const clamped = samples.images.map((value) => Math.min(1, Math.max(-1, value)));
  const agreement = labelAgreement(samples.labels, await classifier.predict(clamped));
  return {
    labelAgreement: agreement.agreement,
    labelAgreementInterval: { lower: agreement.lower, upper: agreement.upper },
    classifierAccuracy: await classifier.accuracy(heldOut),
    ...classDiversity(samples, heldOut),
    nearestTrainDistanceSamples: await meanNearest(points.samples, points.train),
    nearestTrainDistanceHeldOut: await meanNearest(points.heldOut, points.train),
  };
}

function sameShape(a: ImageSet, b: ImageSet): void {
  if (a.imageShape.join() !== b.imageShape.join()) {
    throw new LangevinError('invalid_argument', `samples are [${a.imageShape.join(', ')}] images, real ones [${b.imageShape.join(', ')}]`);
  }
}

async function meanNearest(queries: PointSet, references: PointSet): Promise<number> {
  const distances: number[] = [];
  const count = queries.data.length / queries.dimensions;
  for (let first = 0; first < count; first += QUERIES_AT_ONCE) {
    const data = row(queries, first, first + QUERIES_AT_ONCE);
    distances.push(...nearestDistances({ data, dimensions: queries.dimensions }, references));
    await setImmediate();
  }
  return mean(distances);
}

function row({ data, dimensions }: PointSet, first: number, end: number): Float32Array {
  return data.subarray(first * dimensions, end * dimensions);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
