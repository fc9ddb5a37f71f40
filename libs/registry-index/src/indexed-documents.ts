import { LangevinError, canonicalJson, parseAliasEvent, parseCheckpointManifest, parseModelVersion } from '@langevin/contracts';
import { modelsPrefix, readDocument, runsPrefix, stepOfKey, versionOfKey, type ObjectStore } from '@langevin/registry';
import type { documentTables } from './schema.js';

/** A row of one of the tables, by column. */
export interface IndexRow {
  readonly table: (typeof documentTables)[number];
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** What a key turned out to hold. `gone`: it was removed between listing and reading. */
export type IndexedDocument = { readonly row: IndexRow } | { readonly problem: string } | 'gone';

/** Under which everything lies that is indexed: one listing each. */
export const indexedPrefixes = [runsPrefix, modelsPrefix] as const;

/** The table that the document at a key belongs to; `undefined` for a key that is not indexed. */
export function tableOf(key: string): IndexRow['table'] | undefined {
  if (/^v1\/runs\/[^/]+\/run\.json$/.test(key)) return 'runs';
  if (key.startsWith(runsPrefix) && stepOfKey(key) !== undefined) return 'checkpoints';
  if (key.startsWith(modelsPrefix) && versionOfKey(key) !== undefined) return 'versions';
  return moveOfKey(key) === undefined ? undefined : 'moves';
}

/**
 * Reads the document at a key as a row, every byte checked. What is damaged becomes a problem, for it must not keep anybody from
 * seeing the rest.
 * @throws LangevinError when the store cannot be read
 */
export async function readIndexed(store: ObjectStore, key: string, table: IndexRow['table']): Promise<IndexedDocument> {
  try {
    const { ref, value } = await readDocument(store, key);
    return { row: { table, values: { key, ...columns[table](key, value, ref.digest) } } };
  } catch (thrown) {
    if (!(thrown instanceof LangevinError)) throw thrown;
    if (thrown.code === 'object_missing') return 'gone';
    if (thrown.code === 'object_corrupt') return { problem: thrown.message };
    throw thrown;
  }
}

type Columns = (key: string, value: unknown, digest: string) => IndexRow['values'];

const columns: Readonly<Record<IndexRow['table'], Columns>> = {
  runs: (key, value) => ({ name: key.split('/')[2] ?? '', dataset_digest: textAt(key, value, 'datasetDigest') }),
  checkpoints(_key, value, digest) {
    const manifest = parseCheckpointManifest(value);
    return {
      run: manifest.run,
      step: manifest.step,
      digest,
      guidance_role: manifest.guidanceRole,
      loss: manifest.loss,
      samples_seen: manifest.samplesSeen,
      bytes: manifest.files.reduce((sum, file) => sum + file.size, 0),
      metrics: canonicalJson(manifest.metrics),
    };
  },
  versions(_key, value) {
    const version = parseModelVersion(value);
    return { model: version.name, version: version.version, body: canonicalJson(version) };
  },
  moves(key, value) {
    const event = parseAliasEvent(value);
    return { model: event.model, alias: event.alias, generation: moveOfKey(key) ?? 0, body: canonicalJson(event) };
  },
};

function moveOfKey(key: string): number | undefined {
  const match = /^v1\/models\/[^/]+\/aliases\/[^/]+\/(\d{8})\.json$/.exec(key);
  return match ? Number(match[1]) : undefined;
}

function textAt(key: string, value: unknown, field: string): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  if (typeof text === 'string') return text;
  throw new LangevinError('object_corrupt', `${key} has no ${field}`);
}
