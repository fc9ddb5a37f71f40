import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointEvent } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { CheckpointSpool, ObjectStore, PublishedCheckpoint, SpooledCheckpoint } from '@langevin/registry';

/** What became of a checkpoint that an earlier coordinator has left. */
export type LateCheckpoint = Extract<CheckpointEvent, { type: 'checkpointStored' | 'checkpointFailed' }>;

/** What brings checkpoints from the spool into the store. */
export interface SpoolPublisherOptions {
  readonly spool: CheckpointSpool;
  readonly store: ObjectStore;
  readonly log: (line: string) => void;
  /** Told when the store cannot be reached, once an outage. */
  readonly onLost: () => void;
  /** Told when it can again. */
  readonly onFound: () => void;
  /** Told what becomes of those that an earlier coordinator has left. @default nobody waits for them */
  readonly onLate?: (event: LateCheckpoint) => void;
  /** Aborted when the coordinator shuts down: what is left stays in the spool. */
  readonly closing: AbortSignal;
  /** Waits between two attempts. @default real time */
  readonly pause?: Pause;
}

/** Resolves after so many milliseconds; rejects when the signal is aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits in real time. */
export const pauseInTime: Pause = (ms, signal) => sleep(ms, undefined, { signal });

const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** Nobody who stops a coordinator waits longer for a store that is slow: the spool keeps what is left. */
const goodbyeMs = 2000;
/** These say that the bytes are of no use: they would fail again at every start. */
const useless = ['object_corrupt', 'object_exists'];
/** These may pass: a server that is away, one that comes back before its bucket does, a key that has expired and is renewed. */
const passing = ['storage_unavailable', 'bucket_missing', 'access_denied'];

/** Publishes one checkpoint after the other, in the order in which they came, and waits for ever for a store that is away. */
export class SpoolPublisher implements AsyncDisposable {
  readonly #options: SpoolPublisherOptions;
  readonly #waiting: SpooledCheckpoint[] = [];
  #last: Promise<void> = Promise.resolve();
  #isLost = false;
  #failures = 0;
  #hurry = new AbortController();
  readonly #listeners = new Set<() => void>();

  private constructor(options: SpoolPublisherOptions) {
    this.#options = options;
  }

  /**
   * Begins with what an earlier coordinator has left in the spool; whatever is added later comes after it.
   * @throws LangevinError `storage_failed` if the spool cannot be read
   */
  static async open(options: SpoolPublisherOptions): Promise<SpoolPublisher> {
    const publisher = new SpoolPublisher(options);
    for (const entry of await options.spool.list()) {
      options.log(`checkpoint ${entry.step} of run "${entry.run}" waits in the spool since an earlier start`);
      publisher.add(entry).then(
        ({ digest, manifest }) => {
          options.log(`checkpoint ${entry.step} of run "${entry.run}" is stored`);
          options.onLate?.({ type: 'checkpointStored', jobId: entry.run, step: entry.step, manifestDigest: digest, weightsSha256: weightsOf(manifest) });
        },
        (thrown: unknown) => {
          if (options.closing.aborted) return;
          const { code, message } = LangevinError.from(thrown);
          options.log(`checkpoint ${entry.step} of run "${entry.run}" could not be stored: ${message}`);
          options.onLate?.({ type: 'checkpointFailed', jobId: entry.run, step: entry.step, code, message });
        },
      );
    }
    return publisher;
  }

  /**
   * Resolves when the checkpoint is in the store, and out of the spool.
   * @throws LangevinError what another attempt would not mend
   */
  add(entry: SpooledCheckpoint): Promise<PublishedCheckpoint> {
    this.#waiting.push(entry);
    const published = this.#last.then(() => this.#deliver(entry)).finally(() => {
      this.#waiting.splice(this.#waiting.indexOf(entry), 1);
      this.#tell();
    });
    // One that fails does not hold up those behind it; whoever added it is told.
    this.#last = published.then(
      () => undefined,
      () => undefined,
    );
    return published;
  }

  /** Resolves when no checkpoint of the run waits any more, or one more attempt has shown that the store cannot be reached. */
  async settled(run: string): Promise<void> {
    const failures = this.#failures;
    this.#hurry.abort();
    while (this.#failures === failures && this.#waiting.some((entry) => entry.run === run)) await new Promise<void>((resolve) => this.#listeners.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const limit = new AbortController();
    await Promise.race([this.#last, sleep(goodbyeMs, undefined, { signal: limit.signal }).catch(() => undefined)]);
    limit.abort();
  }

  async #deliver(entry: SpooledCheckpoint): Promise<PublishedCheckpoint> {
    const { spool, store, closing } = this.#options;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      closing.throwIfAborted();
      try {
        const published = await spool.publish(store, entry);
        this.#found();
        await this.#forget(entry);
        return published;
      } catch (thrown) {
        const error = LangevinError.from(thrown, 'storage_failed');
        if (!passing.includes(error.code)) throw await this.#giveUp(entry, error);
        this.#lost(error);
        await this.#pause(pauseMs);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    const { closing, pause = pauseInTime } = this.#options;
    this.#hurry = new AbortController();
    await pause(ms, AbortSignal.any([closing, this.#hurry.signal])).catch((error: unknown) => {
      if (!this.#hurry.signal.aborted) throw error;
    });
  }

  async #giveUp(entry: SpooledCheckpoint, error: LangevinError): Promise<LangevinError> {
    this.#found();
    if (useless.includes(error.code)) await this.#forget(entry);
    else this.#options.log(`checkpoint ${entry.step} of run "${entry.run}" stays in ${entry.folder}: the next start of the coordinator tries again`);
    return error;
  }

  /** One that stays though it is in the store is found to be there at the next start. */
  async #forget(entry: SpooledCheckpoint): Promise<void> {
    await this.#options.spool.remove(entry).catch((error: LangevinError) => this.#options.log(error.message));
  }

  #lost(error: LangevinError): void {
    this.#failures++;
    this.#tell();
    if (this.#isLost) return;
    this.#isLost = true;
    const { spool, onLost, log } = this.#options;
    log(`the store is unreachable: ${error.message}; training goes on, its checkpoints wait in ${spool.folder}`);
    onLost();
  }

  #found(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#options.log(`the store is reachable again: ${this.#waiting.length} of its checkpoints were waiting`);
    this.#options.onFound();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

/** sha256 of the weights file of a checkpoint. */
export function weightsOf({ files }: PublishedCheckpoint['manifest']): string {
  return files.find(({ role }) => role === 'weights')?.digest ?? '';
}
