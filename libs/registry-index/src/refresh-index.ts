import { LangevinError } from '@langevin/contracts';
import { readClusterId, type ObjectStore } from '@langevin/registry';
import { indexedPrefixes, readIndexed, tableOf, type IndexRow } from './indexed-documents.js';
import type { IndexDatabase } from './open-database.js';
import { documentTables } from './schema.js';

/** What a refresh found. */
export interface RefreshReport {
  /** Documents that were read. */
  readonly added: number;
  /** Documents that are no longer in the store. */
  readonly removed: number;
  /** Documents that cannot be read, each time anew until they are mended. */
  readonly damaged: readonly { readonly key: string; readonly problem: string }[];
}

/** Documents read at the same time: enough to hide a server's latency. */
const concurrency = 16;
/** Documents between two writes to the index: what an interrupted refresh need not read again. */
const batch = 256;

/**
 * Brings an index up to the store: lists its keys, reads the documents whose keys are new, and drops those that are gone. A document
 * never changes under its key, so one that is known need not be read again.
 *
 * @throws LangevinError when the store cannot be read
 */
export async function refreshIndex(database: IndexDatabase, store: ObjectStore): Promise<RefreshReport> {
  await bindToStore(database, store);
  const present = new Map<string, IndexRow['table']>();
  for (const prefix of indexedPrefixes) {
    for await (const { key } of store.list(prefix)) {
      const table = tableOf(key);
      if (table !== undefined) present.set(key, table);
    }
  }
  const known = knownKeys(database);
  const gone = [...known].filter(([key]) => !present.has(key));
  database.transaction(() => {
    for (const [key, table] of gone) database.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key);
    database.exec('DELETE FROM damaged');
  }).immediate();
  const fresh = [...present].filter(([key]) => !known.has(key));
  const damaged: { key: string; problem: string }[] = [];
  let added = 0;
  for (let at = 0; at < fresh.length; at += batch) {
    const found = await readAll(store, fresh.slice(at, at + batch));
    damaged.push(...found.damaged);
    added += found.rows.length;
    insert(database, found.rows, found.damaged);
  }
  return { added, removed: gone.length, damaged };
}

/** Keys alone do not tell one store from another: an index of another one, or of one that was wiped, is emptied. */
async function bindToStore(database: IndexDatabase, store: ObjectStore): Promise<void> {
  const cluster = await readClusterId(store).catch((thrown: unknown) => {
    if (thrown instanceof LangevinError && thrown.code === 'object_corrupt') return undefined;
    throw thrown;
  });
  const identity = JSON.stringify([store.location, cluster ?? null]);
  const bound = database.prepare("SELECT value FROM meta WHERE name = 'store'").get() as { value: string } | undefined;
  if (bound?.value === identity) return;
  database.transaction(() => {
    for (const table of documentTables) database.exec(`DELETE FROM ${table}`);
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('store', ?)").run(identity);
  }).immediate();
}

function knownKeys(database: IndexDatabase): Map<string, IndexRow['table']> {
  const keys = new Map<string, IndexRow['table']>();
  for (const table of documentTables) {
    for (const row of database.prepare(`SELECT key FROM ${table}`).all()) keys.set((row as { key: string }).key, table); // The schema says so.
  }
  return keys;
}

async function readAll(store: ObjectStore, keys: readonly (readonly [string, IndexRow['table']])[]): Promise<{ rows: IndexRow[]; damaged: { key: string; problem: string }[] }> {
  const rows: IndexRow[] = [];
  const damaged: { key: string; problem: string }[] = [];
  const queue = keys.values();
  const work = async (): Promise<void> => {
    for (const [key, table] of queue) {
      const found = await readIndexed(store, key, table);
      if (found === 'gone') continue;
      if ('row' in found) rows.push(found.row);
      else damaged.push({ key, problem: found.problem });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { rows, damaged };
}

function insert(database: IndexDatabase, rows: readonly IndexRow[], damaged: readonly { key: string; problem: string }[]): void {
  database.transaction(() => {
    for (const { table, values } of rows) {
      const names = Object.keys(values);
      const marks = names.map(() => '?').join(', ');
      database.prepare(`INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${marks})`).run(...Object.values(values));
    }
    for (const { key, problem } of damaged) database.prepare('INSERT OR REPLACE INTO damaged VALUES (?, ?)').run(key, problem);
  }).immediate();
}
