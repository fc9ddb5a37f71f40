import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { CategoricalProcess } from '../discrete/categorical-process.js';
import type { DiscreteDenoiser } from '../discrete/discrete-denoiser.js';

/** One of the sequences that data are. */
export interface WeightedSequence {
  /** Positive; weights are divided by their sum. */
  readonly weight: number;
  /** A data state for each position. */
  readonly states: readonly number[];
}

/**
 * The exact denoiser of data that are one of a few sequences, for x of any shape [B, …] with as many positions a sample: p(x₀ = k at a position | x_t), by going through all of them. In double precision.
 * @throws LangevinError `invalid_argument` for no sequence, lengths that differ, a weight that is not positive or a state that data have not
 */
export function enumeratedDenoiser(process: CategoricalProcess, sequences: readonly WeightedSequence[]): DiscreteDenoiser {
  const length = sequences[0]?.states.length ?? 0;
  const { numClasses, maskState } = process;
  const fits = ({ weight, states }: WeightedSequence): boolean => weight > 0 && states.length === length && states.every((state) => Number.isInteger(state) && state >= 0 && state < numClasses);
  if (length === 0 || !sequences.every(fits)) throw new LangevinError('invalid_argument', `needs sequences of one length with weights above 0 and states from 0 to ${numClasses - 1}`);
  /** q(x_t = to | x₀ = from). */
  const likelihood = (t: number): ((from: number, to: number) => number) => {
    const { kept, redrawn, masked } = process.transition(-1, t);
    return (from, to) => (to === maskState ? masked : redrawn + (from === to ? kept : 0));
  };
  return (x, t) => {
    const [states, times] = [x.dataSync<'int32'>(), t.dataSync()];
    const result = new Float64Array(states.length * numClasses);
    times.forEach((time, sample) => {
      const q = likelihood(time);
      const joint = sequences.map(({ weight, states: sequence }) => sequence.reduce((product, from, i) => product * q(from, states[sample * length + i]!), weight));
      const total = joint.reduce((sum, value) => sum + value, 0);
      sequences.forEach(({ states: sequence }, k) => sequence.forEach((state, i) => (result[(sample * length + i) * numClasses + state]! += joint[k]! / total)));
    });
    return tf.tensor(Float32Array.from(result, Math.log), [...x.shape, numClasses]);
  };
}
