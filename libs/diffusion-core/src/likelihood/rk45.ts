import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';

/** dy/dt at a time: a new tensor for each one of y, shaped like it. */
export type Derivative = (t: number, y: readonly tf.Tensor[]) => tf.Tensor[];

/** How exact a solution is to be. */
export interface Rk45Options {
  /** Error of a step as a share of |y|. float32 carries about 1e-6. @default 1e-5 */
  readonly rtol?: number;
  /** Error of a step that is allowed where y is near 0. @default 1e-5 */
  readonly atol?: number;
  /** Steps, refused ones among them, after which it gives up. @default 10000 */
  readonly maxSteps?: number;
}

/** Where an ODE has come to. */
export interface Rk45Solution {
  /** y at the end: new tensors. */
  readonly y: tf.Tensor[];
  /** How often the derivative was asked for. */
  readonly evaluations: number;
}

/** Dormand & Prince (1980), table 2: times of the stages, and what each takes of those before it. The last one is the solution of fifth order. */
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Fifth order less fourth. */
const errors = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/** Σ wᵢ·kᵢ, without those of which nothing is taken. */
function weighted(weights: readonly number[], k: readonly (readonly tf.Tensor[])[], index: number): tf.Tensor {
  const terms = weights.flatMap((weight, stage) => (weight === 0 ? [] : [tf.mul(weight, k[stage]![index]!)])); // As many weights as stages.
  return terms.reduce((sum, term) => tf.add(sum, term));
}

interface Attempt {
  readonly y: tf.Tensor[];
  /** The derivative there, with which the next step begins. */
  readonly slope: tf.Tensor[];
  /** Root mean square of the error over what is allowed: at most 1 for a step that counts. */
  readonly error: number;
}

/** One step, whatever its error. Makes new tensors for what it returns, and nothing else. */
function attempt(f: Derivative, t: number, h: number, y: readonly tf.Tensor[], slope: readonly tf.Tensor[], { rtol, atol }: Required<Omit<Rk45Options, 'maxSteps'>>): Attempt {
  let error = 0;
  const kept = tf.tidy(() => {
    const k: (readonly tf.Tensor[])[] = [slope];
    let at: tf.Tensor[] = [...y];
    for (let stage = 1; stage < stages.length; stage++) {
      at = y.map((value, index) => tf.add(value, tf.mul(h, weighted(stages[stage]!, k, index))));
      k.push(f(t + nodes[stage]! * h, at));
    }
    const [sum, count] = y.reduce(
      ([total, elements], value, index) => {
        const allowed = tf.add(atol, tf.mul(rtol, tf.maximum(tf.abs(value), tf.abs(at[index]!))));
        const ratio = tf.div(tf.mul(h, weighted(errors, k, index)), allowed);
        return [total + tf.sum(tf.square(ratio)).dataSync<'float32'>()[0]!, elements + value.size];
      },
      [0, 0],
    );
    error = Math.sqrt(sum / count);
    return [...at, ...k.at(-1)!];
  });
  return { y: kept.slice(0, y.length), slope: kept.slice(y.length), error };
}

/**
 * Solves dy/dt = f(t, y) from t₀ to t₁, forwards or backwards, by the method of Dormand & Prince (1980) of order 5(4) with steps as long as the
 * error allows: scipy's `RK45`. All elements of all tensors share their steps.
 *
 * @param y0 values at t₀; kept
 * @throws LangevinError `non_finite` where y is not, `invalid_argument` when the steps do not suffice and for tolerances that allow no step
 */
export function rk45(f: Derivative, [t0, t1]: readonly [number, number], y0: readonly tf.Tensor[], options: Rk45Options = {}): Rk45Solution {
  const { rtol = 1e-5, atol = 1e-5, maxSteps = 10_000 } = options;
  if (!(rtol >= 0 && atol >= 0 && rtol + atol > 0)) throw new LangevinError('invalid_argument', `rtol ${rtol} and atol ${atol} allow no step`);
  let [t, y] = [t0, y0.map((value) => tf.clone(value))];
  let slope = tf.tidy(() => f(t, y));
  let evaluations = 1;
  let h = (t1 - t0) / 100;
  try {
    for (let step = 0; t !== t1; step++) {
      if (step === maxSteps) throw new LangevinError('invalid_argument', `an ODE from ${t0} to ${t1} has come to ${t} in ${maxSteps} steps: allow more of them, or larger errors`);
      const isLast = Math.abs(h) >= Math.abs(t1 - t);
      if (isLast) h = t1 - t;
      const tried = attempt(f, t, h, y, slope, { rtol, atol });
      evaluations += stages.length - 1;
      const counts = tried.error <= 1;
      tf.dispose(counts ? [...y, ...slope] : [...tried.y, ...tried.slope]);
      if (Number.isNaN(tried.error)) throw new LangevinError('non_finite', `an ODE from ${t0} to ${t1} is not finite after ${t}`);
      if (counts) [t, y, slope] = [isLast ? t1 : t + h, tried.y, tried.slope];
      h *= Math.min(10, Math.max(0.2, 0.9 * tried.error ** -0.2));
    }
    tf.dispose(slope);
    return { y, evaluations };
  } catch (error) {
    tf.dispose([...y, ...slope]);
    throw error;
  }
}
