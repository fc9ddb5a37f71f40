import { LangevinError, parseCheckpointManifest, type CheckpointManifest } from '@langevin/contracts';
import { checkpointKey, readDocument, runKey, runsPrefix, stepOfKey, type ObjectStore, type PublishedCheckpoint } from '@langevin/registry';
import { stepOfSamplesKey } from './sample-records.js';

/** What the keys of a store say of one run. */
export interface CataloguedRun {
  readonly name: string;
  /** Steps with a checkpoint, ascending. */
  readonly steps: readonly number[];
  /** Steps with a picture, ascending. */
  readonly samples: readonly number[];
  /** Whether something was recorded of it. */
  readonly hasMetrics: boolean;
}

/** How long a listing is believed without a second look, and how long it is still shown while one is under way, in ms. */
const freshMs = 1000;
const shownMs = 10_000;
/** Manifests that are kept. */
const maxManifests = 5000;

/** One listing of the runs of a store, shared by all that ask within a second, and the manifests that were read. */
export class StoreCatalog {
  readonly #store: ObjectStore;
  readonly #clock: () => number;
  #runs: ReadonlyMap<string, CataloguedRun> = new Map();
  #listedAtMs = -Infinity;
  #listing: Promise<void> | null = null;
  readonly #manifests = new Map<string, Promise<PublishedCheckpoint>>();

  /** @param clock milliseconds of a clock that never goes back */
  constructor(store: ObjectStore, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Every run of the store by its name. @throws LangevinError when the store cannot be read */
  async runs(): Promise<ReadonlyMap<string, CataloguedRun>> {
    const age = this.#clock() - this.#listedAtMs;
    if (age > freshMs) {
      this.#listing ??= this.#list().finally(() => (this.#listing = null));
      if (age > shownMs) await this.#listing;
      else this.#listing.catch(() => undefined); // The next one who waits for it is told.
    }
    return this.#runs;
  }

  /** A run. @throws LangevinError `run_unknown` saying which there are */
  async run(name: string): Promise<CataloguedRun> {
    const run = (await this.runs()).get(name) ?? (await this.#relisted()).get(name);
    if (run) return run;
    const names = [...this.#runs.keys()];
    const some = names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ') || 'none';
    throw new LangevinError('run_unknown', `there is no run "${name}"; there is ${some}`);
  }

  /** The store holds more than it listed last. */
  invalidate(): void {
    this.#listedAtMs = -Infinity;
  }

  /**
   * The committed checkpoint of a step. It never changes, so it is read once.
   * @throws LangevinError `checkpoint_missing`, `object_corrupt`
   */
  checkpoint(run: string, step: number): Promise<PublishedCheckpoint> {
    const key = checkpointKey(run, step);
    const known = this.#manifests.get(key);
    if (known) return known;
    const reading = this.#readCheckpoint(run, step, key);
    this.#manifests.set(key, reading);
    reading.catch(() => this.#manifests.delete(key));
    if (this.#manifests.size > maxManifests) this.#manifests.delete(this.#manifests.keys().next().value ?? '');
    return reading;
  }

  /** The record of what a run is; null when it is damaged or missing. */
  async record(run: string): Promise<unknown> {
    try {
      return (await readDocument(this.#store, runKey(run))).value;
    } catch (thrown) {
      if (thrown instanceof LangevinError && ['object_corrupt', 'object_missing'].includes(thrown.code)) return null;
      throw thrown;
    }
  }

  /** The newest checkpoint of a run whose manifest is whole; null without one. */
  async newest({ name, steps }: CataloguedRun): Promise<PublishedCheckpoint | null> {
    for (const step of steps.toReversed()) {
      try {
        return await this.checkpoint(name, step);
      } catch (thrown) {
        if (!(thrown instanceof LangevinError) || thrown.code !== 'object_corrupt') throw thrown;
      }
    }
    return null;
  }

  async #relisted(): Promise<ReadonlyMap<string, CataloguedRun>> {
    this.invalidate();
    return this.runs();
  }

  async #readCheckpoint(run: string, step: number, key: string): Promise<PublishedCheckpoint> {
    try {
      const { ref, value } = await readDocument(this.#store, key);
      const manifest: CheckpointManifest = parseCheckpointManifest(value);
      return { digest: ref.digest, manifest };
    } catch (thrown) {
      if (!(thrown instanceof LangevinError) || thrown.code !== 'object_missing') throw thrown;
      throw new LangevinError('checkpoint_missing', `run "${run}" has no checkpoint at step ${step}`, { cause: thrown });
    }
  }

  async #list(): Promise<void> {
    const runs = new Map<string, { name: string; steps: number[]; samples: number[]; hasMetrics: boolean }>();
    const listedAtMs = this.#clock();
    for await (const { key } of this.#store.list(runsPrefix)) {
      const name = key.slice(runsPrefix.length).split('/', 1)[0] ?? '';
      const run = runs.get(name) ?? { name, steps: [], samples: [], hasMetrics: false };
      runs.set(name, run);
      const [step, sample] = [stepOfKey(key), stepOfSamplesKey(key)];
      if (step !== undefined) run.steps.push(step);
      if (sample !== undefined) run.samples.push(sample);
      if (key.endsWith('.parquet')) run.hasMetrics = true;
    }
    this.#runs = runs;
    this.#listedAtMs = listedAtMs;
  }
}
