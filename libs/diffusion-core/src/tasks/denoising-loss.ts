import * as tf from '@tensorflow/tfjs-core';
import type { DenoiserJobSpec } from '@langevin/contracts';
import { hybridLoss, lossWeight, vlbLoss } from '../losses/index.js';
import { simpleLossOf, type LossOfOutput } from '../nn/leaf-gradient.js';
import { ddpmProcess } from '../processes/ddpm-process.js';

/**
 * The loss that a job names. `vlb` and `hybrid` take data for bytes, 256 levels from −1 to 1.
 * @throws LangevinError `invalid_spec` for an impossible schedule
 */
export function denoisingLoss({ model: config, process: facts, training }: DenoiserJobSpec): LossOfOutput {
  const { loss = 'simple', minSnrGamma: gamma } = training;
  const type = facts.prediction_type;
  const simple = simpleLossOf(config);
  if (loss === 'simple') return simple;
  const process = ddpmProcess(facts);
  if (loss === 'vlb') return (said) => vlbLoss(process, type, said).lossSum;
  if (loss === 'hybrid') return (said) => hybridLoss(process, type, said).lossSum;
  const table = Float32Array.from({ length: process.numTrainTimesteps }, (_, t) => lossWeight(loss, type, process, t, gamma === undefined ? {} : { gamma }));
  return (said) => simple({ ...said, weights: tf.mul(said.weights, tf.gather(tf.tensor1d(table), tf.cast(said.t, 'int32'))) });
}
