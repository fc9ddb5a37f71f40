import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { checkNames } from './check-names.js';
import { eagerProgram } from './eager-program.js';
import { graphProgram } from './graph-program.js';
import { activeNodeBackend } from './node-backend.js';
import type { EntriesOf, EntryFunction, Program } from './program.js';
import type { CapturedTensors } from './recorder.js';
import type { TensorSpecs } from './tensor-spec.js';

/** What a program keeps and takes, and how it is made. */
export interface CompileOptions<S extends TensorSpecs, I extends Readonly<Record<string, TensorSpecs>>> {
  /** The tensors that the program keeps from call to call; zero at first. */
  readonly state: S;
  /** The inputs of every entry. */
  readonly inputs: I;
  /**
   * What becomes of tensors from outside that a function uses, though they are neither inputs nor state. `constant` takes
   * their values at the time of compiling, once: what the weights of a finished model need, and wrong for weights in training.
   * @default 'refuse'
   */
  readonly captured?: CapturedTensors;
  /** `eager` runs the functions operation by operation, to look for a fault or to compare. @default 'auto' */
  readonly mode?: 'auto' | 'eager';
  /**
   * Has TensorFlow's other compiler, XLA, make machine code of as much of the graph as it can, at the first call of each entry.
   * Results are within rounding of those without. @default false
   */
  readonly xla?: boolean;
  /** Receives one line when the active backend cannot compile. @default nothing is said */
  readonly log?: (line: string) => void;
}

/**
 * Compiles functions of tfjs into one TensorFlow graph over shared state. Each function is run once on zeros, and the
 * operations are recorded; a later call is one call into TensorFlow. State stays in TensorFlow's memory.
 *
 * A function may use any operation of tfjs, gradients included. It must be pure: it sees its inputs and the state, and
 * returns results and new state. Numbers, and tensors that it makes from numbers, become part of the graph. Where the
 * active backend is not native TensorFlow the same functions run eagerly.
 *
 * @example
 * const program = compile(
 *   { step: ({ gradient, rate }, { params }) => ({ state: { params: tf.sub(params, tf.mul(rate, gradient)) } }) },
 *   { state: { params: { shape: [3] } }, inputs: { step: { gradient: { shape: [3] }, rate: { shape: [] } } } },
 * );
 * program.run.step({ gradient: Float32Array.of(1, 2, 3), rate: Float32Array.of(0.1) });
 *
 * @throws LangevinError `unsupported`, with the line of the caller, when a function reads data, draws random numbers, uses a
 * tensor that is neither an input, nor state, nor made inside, or an operation whose result has no fixed shape, and for `xla` without graphs;
 * `invalid_argument` for names that cannot be used, or when a function returns something else than it should
 */
export function compile<const S extends TensorSpecs, const I extends Readonly<Record<string, TensorSpecs>>, E extends EntriesOf<S, I>>(
  entries: E & EntriesOf<S, I>,
  options: CompileOptions<S, I>,
): Program<S, I, E> {
  const { state, inputs, mode = 'auto', captured = 'refuse', xla = false, log } = options;
  checkNames(state, inputs);
  // The functions are called with the tensors of exactly these declarations, so their own parameter types hold.
  const source = { entries: entries as unknown as Record<string, EntryFunction>, state, inputs, captured, xla };
  const backend = mode === 'eager' ? null : activeNodeBackend();
  if (backend === null && xla) throw new LangevinError('unsupported', `XLA compiles graphs, and the backend ${tf.getBackend()} has none here: leave xla out`);
  if (backend === null && mode === 'auto') log?.(`steps run eagerly: the backend ${tf.getBackend()} cannot compile them`);
  const program = backend === null ? eagerProgram(source) : graphProgram(backend, source);
  // Both modes make one runner an entry, and results of the names that the entry returned.
  return program as unknown as Program<S, I, E>;
}
