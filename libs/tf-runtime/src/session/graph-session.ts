import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import type { GraphNode } from '../compile/graph-node.js';
import { encodeSavedModel } from '../compile/saved-model.js';
import { observeRuns } from '../profile/observed-runs.js';
import { sessionAddon, type SessionAnswer, type SessionCall, type SessionFeed, type SessionFetch, type SessionHandle, type SessionResult } from './session-addon.js';

/** A graph in TensorFlow's hands, with the values of its variables, until it is disposed of. */
export class GraphSession {
  readonly #addon = sessionAddon();
  readonly #counts: Readonly<Record<string, Record<string, number>>>;
  #handle: SessionHandle | null;

  /**
   * The folder through which the graph goes is gone afterwards.
   * @throws Error of TensorFlow when it refuses the graph
   */
  constructor(nodes: readonly GraphNode[]) {
    this.#counts = countByEntry(nodes);
    const directory = mkdtempSync(path.join(os.tmpdir(), 'langevin-graph-'));
    try {
      writeFileSync(path.join(directory, 'saved_model.pb'), encodeSavedModel(nodes));
      this.#handle = this.#addon.open(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /**
   * Computes what is fetched.
   * @param what begins every message, for example "gradient"
   * @throws LangevinError `invalid_argument` once it was disposed of, `internal` when TensorFlow fails
   */
  run(what: string, feeds: readonly SessionFeed[], fetches: readonly SessionFetch[]): SessionResult[] {
    return this.runAll(what, [{ feeds, fetches }]).flatMap(({ results }) => results);
  }

  /**
   * The same for several calls, at the same time.
   * @throws LangevinError as `run`
   */
  runAll(what: string, calls: readonly SessionCall[]): SessionAnswer[] {
    const handle = this.#handle;
    if (handle === null) throw new LangevinError('invalid_argument', `${what}: the program was disposed of`);
    try {
      return observeRuns({ entry: what, nodeCounts: this.nodeCounts(what) }, (traced) => this.#addon.run(handle, calls, traced));
    } catch (cause) {
      const [message] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      throw new LangevinError('internal', `${what}: ${message}`, { cause });
    }
  }

  /** How many nodes of each operation have a name that begins with that of the entry and a slash. */
  nodeCounts(entry: string): Readonly<Record<string, number>> {
    return this.#counts[entry] ?? {};
  }

  /** How many calls of `runAll` are computed at the same time. */
  get concurrency(): number {
    return this.#addon.threads();
  }

  /** Frees graph and variables. Calling it again does nothing. */
  dispose(): void {
    if (this.#handle !== null) this.#addon.close(this.#handle);
    this.#handle = null;
  }
}

function countByEntry(nodes: readonly GraphNode[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { name, op } of nodes) {
    const ofEntry = (counts[name.slice(0, name.indexOf('/'))] ??= {});
    ofEntry[op] = (ofEntry[op] ?? 0) + 1;
  }
  return counts;
}
