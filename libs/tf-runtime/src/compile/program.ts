import type * as tf from '@tensorflow/tfjs-core';
import type { CapturedTensors } from './recorder.js';
import type { Elements, TensorSpecs, TensorsOf } from './tensor-spec.js';

/** What an entry returns: tensors for the caller, and the next values of the state that it changes. */
export interface Outcome<S extends TensorSpecs> {
  readonly results?: Readonly<Record<string, tf.Tensor>>;
  readonly state?: { readonly [K in keyof S]?: tf.Tensor };
}

/** An outcome of whatever state. */
export type AnyOutcome = Outcome<TensorSpecs>;

/** An entry without its types: named tensors in, named tensors out. */
export type EntryFunction = (inputs: Readonly<Record<string, tf.Tensor>>, state: Readonly<Record<string, tf.Tensor>>) => AnyOutcome;

/** What an input may be fed with: a tensor, or its elements in row-major order, which are read during the call alone. */
export type Feed = tf.Tensor | Elements;

/** A feed for every input. */
export type FeedsOf<I extends TensorSpecs> = { readonly [K in keyof I]: Feed };

/** The results of an entry; the caller disposes of them. */
export type ResultsOf<F> = F extends (...args: never[]) => { readonly results: infer R } ? R : Record<never, never>;

/** An array for every result. */
export type TargetsOf<R> = { readonly [K in keyof R]: Elements };

/** One call of an entry, and where its results go. */
export interface CallInto<F, T> {
  readonly inputs: F;
  readonly targets: T;
}

/** The same without types. */
export type UntypedCall = CallInto<Readonly<Record<string, Feed>>, Readonly<Record<string, Elements>>>;

/** The functions that make up a program, over one state `S`, with inputs `I[K]` for the entry K. */
export type EntriesOf<S extends TensorSpecs, I extends Readonly<Record<string, TensorSpecs>>> = {
  readonly [K in keyof I]: (inputs: TensorsOf<I[K]>, state: TensorsOf<S>) => Outcome<S>;
};

/** Compiled functions over one state. It holds memory until it is disposed of. */
export interface Program<S extends TensorSpecs, I extends Readonly<Record<string, TensorSpecs>>, E extends EntriesOf<S, I>> extends Disposable {
  /** `graph`: compiled. `eager`: each call runs its function operation by operation. */
  readonly mode: 'graph' | 'eager';
  /**
   * The entries. Each computes its results from the state as it was before the call, then replaces the state that it
   * gives new values. A call that fails leaves the state as it was.
   *
   * @throws LangevinError `invalid_argument` when an input is missing, superfluous, or of another shape or type than declared
   */
  readonly run: { readonly [K in keyof I]: (inputs: FeedsOf<I[K]>) => ResultsOf<E[K]> };
  /**
   * The same, with each result copied into an array of the caller's, once, instead of a tensor of its own. The array may lie in
   * WebAssembly's memory. An array of another length or type than its result is refused; when the entry fails, the arrays hold anything.
   *
   * @throws LangevinError `invalid_argument` as `run`, and when an array is missing, superfluous, or does not fit
   */
  readonly runInto: { readonly [K in keyof I]: (inputs: FeedsOf<I[K]>, targets: TargetsOf<ResultsOf<E[K]>>) => void };
  /**
   * The same for several calls, which are computed at the same time, as many as `concurrency`. Each gives the bits that it gives alone.
   *
   * @throws LangevinError `invalid_argument` as `runInto`, and for several calls of an entry that changes the state
   */
  readonly runAllInto: { readonly [K in keyof I]: (calls: readonly CallInto<FeedsOf<I[K]>, TargetsOf<ResultsOf<E[K]>>>[]) => void };
  /** How many calls of `runAllInto` are computed at the same time: as many as the process has threads to compute with, one in `eager` mode. */
  readonly concurrency: number;
  /** A copy of one piece of state. */
  readState(name: keyof S & string): Elements;
  /**
   * Replaces pieces of state; the others stay. The elements are copied.
   * @throws LangevinError `invalid_argument` for a name that is not declared, or another number or type of elements
   */
  writeState(values: { readonly [K in keyof S]?: Elements }): void;
  /** How many nodes of each operation an entry has before TensorFlow optimises it; empty in `eager` mode. */
  nodeCounts(entry: keyof I & string): Readonly<Record<string, number>>;
  /** Frees state and graph; the program is of no use afterwards. Calling it again does nothing. */
  dispose(): void;
}

/** A program whose types are not known: what the two modes build. */
export interface UntypedProgram extends Disposable {
  readonly mode: 'graph' | 'eager';
  readonly run: Readonly<Record<string, (inputs: Readonly<Record<string, Feed>>) => Record<string, tf.Tensor>>>;
  readonly runInto: Readonly<Record<string, (inputs: UntypedCall['inputs'], targets: UntypedCall['targets']) => void>>;
  readonly runAllInto: Readonly<Record<string, (calls: readonly UntypedCall[]) => void>>;
  readonly concurrency: number;
  readState(name: string): Elements;
  writeState(values: Readonly<Record<string, Elements | undefined>>): void;
  nodeCounts(entry: string): Readonly<Record<string, number>>;
  dispose(): void;
}

/** What a program is built from. */
export interface ProgramSource {
  readonly entries: Readonly<Record<string, EntryFunction>>;
  readonly state: TensorSpecs;
  readonly inputs: Readonly<Record<string, TensorSpecs>>;
  readonly captured: CapturedTensors;
  /** Whether XLA is to compile what it can. */
  readonly xla: boolean;
}
