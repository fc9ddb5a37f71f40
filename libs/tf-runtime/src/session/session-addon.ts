import { createRequire } from 'node:module';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import type { Elements } from '../compile/tensor-spec.js';
import { addonFile } from '../install/runtime-cache.js';

/** A value for a placeholder. It is copied before the run begins. */
export interface SessionFeed {
  /** "node:output" */
  readonly place: string;
  /** TensorFlow's number of the element type. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly elements: Elements;
}

/** What a run is to bring back. */
export interface SessionFetch {
  /** "node:output" */
  readonly place: string;
  /** Takes the elements instead of an array of their own; in WebAssembly's memory too. */
  readonly into?: Elements | undefined;
}

/** What a run brought back. */
export interface SessionResult {
  readonly dtype: number;
  readonly shape: number[];
  /** The elements, unless they went into an array of the caller's. */
  readonly bytes?: ArrayBuffer;
}

/** A session, as the addon knows it. */
export interface SessionHandle {
  readonly isSession: true;
}

/** One run: what it is fed, and what it is to bring back. */
export interface SessionCall {
  readonly feeds: readonly SessionFeed[];
  readonly fetches: readonly SessionFetch[];
}

/** What one run brought back: its results in the order of the fetches, and TensorFlow's RunMetadata if it was asked for. */
export interface SessionAnswer {
  readonly results: SessionResult[];
  readonly trace?: ArrayBuffer;
}

/** The addon of `native`. Its functions throw an Error with TensorFlow's words. */
export interface SessionAddon {
  /** A session of the SavedModel in a folder. It holds memory until it is closed, once. */
  open(directory: string): SessionHandle;
  /** Runs the calls at the same time, as many as there are threads, each in one of them; a single one has them all. */
  run(session: SessionHandle, calls: readonly SessionCall[], traced: boolean): SessionAnswer[];
  /** How many calls run at the same time. */
  threads(): number;
  close(session: SessionHandle): void;
}

let addon: SessionAddon | null = null;

/** Loads the addon of a runtime, whose TensorFlow must have been loaded already. Calling this again changes nothing. */
export function loadSessionAddon(runtime: string): void {
  // The addon is ours; its functions are declared above.
  addon ??= createRequire(import.meta.url)(path.join(runtime, addonFile)) as SessionAddon;
}

/**
 * The addon that was loaded with native TensorFlow.
 * @throws LangevinError `runtime_missing` when none was
 */
export function sessionAddon(): SessionAddon {
  if (addon === null) throw new LangevinError('runtime_missing', 'graphs need native TensorFlow: call loadTensorFlow first');
  return addon;
}
