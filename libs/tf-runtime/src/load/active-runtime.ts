import { LangevinError } from '@langevin/contracts';
import type { TensorRuntime } from './load-tensorflow.js';

let active: TensorRuntime | undefined;

/** Remembers what was started last: it is what computes. */
export function activate(runtime: TensorRuntime): TensorRuntime {
  active = runtime;
  return runtime;
}

/** The runtime that computes in this thread. @throws LangevinError `runtime_missing` before `loadTensorFlow` */
export function activeRuntime(): TensorRuntime {
  if (active === undefined) throw new LangevinError('runtime_missing', 'no tensor runtime was started: call loadTensorFlow first');
  return active;
}
