import { rmSync } from 'node:fs';
import Database from 'libsql';
import { schema, schemaVersion } from './schema.js';

/** An open index file. */
export type IndexDatabase = Database.Database;

/** How long a command waits for another one that writes to the same index. */
const busyMs = 10_000;

const memory = ':memory:';

/**
 * Opens an index file, makes it where there is none, and makes it anew when it is damaged or of another version: nothing in it is lost
 * for good. Where no file can be kept the index lives in memory.
 *
 * @param path of the file; `:memory:` keeps none
 * @param onNotice told in one line what had to be done
 */
export function openDatabase(path: string, onNotice: (line: string) => void): IndexDatabase {
  try {
    return openChecked(path);
  } catch (thrown) {
    if (path === memory) throw thrown;
    if (!isDamage(thrown)) return withoutFile(path, thrown, onNotice);
    onNotice(`the index ${path} is damaged (${messageOf(thrown)}): it is made anew from the store`);
  }
  try {
    removeDatabase(path);
    return openChecked(path);
  } catch (thrown) {
    return withoutFile(path, thrown, onNotice);
  }
}

/** Removes an index file and what its journal left. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

function openChecked(path: string): IndexDatabase {
  const database = new Database(path, { timeout: busyMs });
  try {
    const version = single(database, 'user_version');
    if (version === schemaVersion) {
      const found = single(database, 'quick_check');
      if (found === 'ok') return database;
      throw damage(String(found));
    }
    const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_master').get() as { tables: number };
    if (tables.tables > 0) throw damage(`its version is ${String(version)}, not ${schemaVersion}`);
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** The first value of the first row that a pragma gives. */
function single(database: IndexDatabase, pragma: string): unknown {
  const [row] = database.prepare(`PRAGMA ${pragma}`).all();
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
}

function withoutFile(path: string, thrown: unknown, onNotice: (line: string) => void): IndexDatabase {
  onNotice(`the index cannot be kept in ${path} (${messageOf(thrown)}): this listing is made from the store alone`);
  return openChecked(memory);
}

function damage(what: string): Error {
  return Object.assign(new Error(what), { code: 'SQLITE_CORRUPT' });
}

function isDamage(thrown: unknown): boolean {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

/** SQLite's own words, in one line. */
function messageOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\s*\n\s*/g, ' ');
}
