import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';

/**
 * Makes a registered backend the one that computes from now on.
 * @throws LangevinError `runtime_missing` when it does not start.
 */
export async function activateBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new LangevinError('runtime_missing', `TensorFlow.js refused its backend "${name}"`);
  await tf.ready();
}
