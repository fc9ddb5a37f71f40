import { parseAliasEvent, parseModelVersion, type AliasEvent, type GuidanceRole, type Metrics, type ModelVersion } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { openDatabase, removeDatabase, type IndexDatabase } from './open-database.js';
import { refreshIndex, type RefreshReport } from './refresh-index.js';

/** A run as a listing shows it. */
export interface IndexedRun {
  readonly name: string;
  /** `null` when the run's own record is damaged or missing. */
  readonly datasetDigest: string | null;
  /** How many checkpoints it has. */
  readonly checkpoints: number;
  /** Step of its newest checkpoint; `null` without one. */
  readonly latestStep: number | null;
}

/** A checkpoint as a listing shows it. */
export interface IndexedCheckpoint {
  readonly run: string;
  readonly step: number;
  readonly digest: string;
  readonly guidanceRole: GuidanceRole;
  readonly loss: number | null;
  readonly samplesSeen: number;
  /** Bytes of its files. */
  readonly bytes: number;
  readonly metrics: Metrics;
}

/** A model as a listing shows it. */
export interface IndexedModel {
  readonly name: string;
  /** The newest version. */
  readonly latest: ModelVersion;
  readonly versions: number;
  /** Where each alias points, by name, without `latest`. */
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
}

/** One move of an alias, and the how manieth it was. */
export interface IndexedMove {
  readonly generation: number;
  readonly event: AliasEvent;
}

/** How an index is opened. */
export interface OpenIndexOptions {
  /** Told in one line when the index had to be made anew. @default nobody */
  readonly onNotice?: (line: string) => void;
}

/**
 * Answers listings of a store from a local file. The store is the truth: `refresh` brings the index up to it, and an index that is
 * lost, damaged or of another store is made anew from it. References are never resolved here, only in the store.
 */
export class RegistryIndex implements Disposable {
  #database: IndexDatabase;
  readonly #path: string;
  readonly #onNotice: (line: string) => void;

  /** @param path file of the index, made if needed; `:memory:` keeps none */
  constructor(path: string, { onNotice = () => undefined }: OpenIndexOptions = {}) {
    this.#path = path;
    this.#onNotice = onNotice;
    this.#database = openDatabase(path, onNotice);
  }

  /**
   * Brings the index up to the store: one listing of runs and one of models, and one read for each document that is new.
   * @throws LangevinError when the store cannot be read
   */
  refresh(store: ObjectStore): Promise<RefreshReport> {
    return refreshIndex(this.#database, store);
  }

  /**
   * Forgets everything and reads the whole store.
   * @throws LangevinError when the store cannot be read
   */
  async rebuild(store: ObjectStore): Promise<RefreshReport> {
    this.#database.close();
    if (this.#path !== ':memory:') removeDatabase(this.#path);
    this.#database = openDatabase(this.#path, this.#onNotice);
    return this.refresh(store);
  }

  /** Every run, by name: those that have a record, and those that have a checkpoint. */
  runs(): IndexedRun[] {
    const rows = this.#rows<{ name: string; dataset: string | null; checkpoints: number; latest: number | null }>(`
      SELECT n.name AS name, r.dataset_digest AS dataset, count(c.key) AS checkpoints, max(c.step) AS latest
      FROM (SELECT name FROM runs UNION SELECT run FROM checkpoints) n
      LEFT JOIN runs r ON r.name = n.name LEFT JOIN checkpoints c ON c.run = n.name
      GROUP BY n.name, r.dataset_digest ORDER BY n.name`);
    return rows.map(({ name, dataset, checkpoints, latest }) => ({ name, datasetDigest: dataset, checkpoints, latestStep: latest }));
  }

  /** The checkpoints of a run, or of all, by run and step. */
  checkpoints(run?: string): IndexedCheckpoint[] {
    const rows = this.#rows<CheckpointRow>(`SELECT * FROM checkpoints ${run === undefined ? '' : 'WHERE run = ?'} ORDER BY run, step`, ...(run === undefined ? [] : [run]));
    return rows.map((row) => ({
      run: row.run,
      step: row.step,
      digest: row.digest,
      guidanceRole: row.guidance_role,
      loss: row.loss,
      samplesSeen: row.samples_seen,
      bytes: row.bytes,
      metrics: JSON.parse(row.metrics) as Metrics, // Written from a parsed manifest.
    }));
  }

  /** Every model, by name. */
  models(): IndexedModel[] {
    return this.#rows<{ model: string }>('SELECT DISTINCT model FROM versions ORDER BY model').flatMap(({ model }) => {
      const versions = this.versions(model);
      const latest = versions.at(-1);
      return latest ? [{ name: model, latest, versions: versions.length, aliases: this.#aliases(model) }] : [];
    });
  }

  /** The versions of a model, oldest first. */
  versions(model: string): ModelVersion[] {
    return this.#rows<{ body: string }>('SELECT body FROM versions WHERE model = ? ORDER BY version', model).map(({ body }) => parseModelVersion(JSON.parse(body)));
  }

  /** Every move of the aliases of a model, by alias, oldest first. */
  moves(model: string): IndexedMove[] {
    const rows = this.#rows<{ generation: number; body: string }>('SELECT generation, body FROM moves WHERE model = ? ORDER BY alias, generation', model);
    return rows.map(({ generation, body }) => ({ generation, event: parseAliasEvent(JSON.parse(body)) }));
  }

  /** Closes the file. */
  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #aliases(model: string): { alias: string; version: number }[] {
    const newest = new Map(this.moves(model).map(({ event }) => [event.alias, event.to]));
    return [...newest].map(([alias, version]) => ({ alias, version }));
  }

  #rows<T>(sql: string, ...parameters: string[]): T[] {
    return this.#database.prepare(sql).all(...parameters) as T[]; // Callers name the columns that their query selects.
  }
}

interface CheckpointRow extends Omit<IndexedCheckpoint, 'guidanceRole' | 'samplesSeen' | 'metrics'> {
  readonly guidance_role: GuidanceRole;
  readonly samples_seen: number;
  readonly metrics: string;
}
