import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Langevin's cache: `LANGEVIN_CACHE`, or `langevin` in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['LANGEVIN_CACHE']) return resolve(env['LANGEVIN_CACHE']);
  if (env['XDG_CACHE_HOME']) return join(resolve(env['XDG_CACHE_HOME']), 'langevin');
  return join(env['HOME'] ?? homedir(), '.cache', 'langevin');
}

/**
 * Makes the folder `path` in the cache, once: `make` fills a folder beside it, which then takes the name. Of several
 * processes one makes it and the others wait.
 * @returns whether it was made now
 */
export async function makeOnce(path: string, make: (draft: string) => Promise<void>): Promise<boolean> {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  using _lock = await lock(`${path}.lock`);
  if (existsSync(path)) return false;
  const draft = `${path}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  await make(draft);
  renameSync(draft, path);
  return true;
}

async function lock(file: string): Promise<Disposable> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    } catch {
      // Taken. Its owner tells nobody when it is done: look again now and then.
      if (!isHeld(file)) rmSync(file, { force: true });
      else await setTimeout(500);
    }
  }
}

function isHeld(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    // Gone meanwhile, or left behind by a process that is gone.
    return false;
  }
}
