import { existsSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bindingVersion, tensorFlowVersion } from './wheel-pins.js';
import type { RuntimeFlavor } from './wheel-pins.js';

/** Name of the compiled binding inside a runtime's folder. */
export const bindingFile = 'tfjs_binding.node';

/** Name of the addon that loads TensorFlow without its start-up notices. */
export const quietLoadFile = 'quiet_load.node';

/** Name of the addon of `native`: the sessions in which graphs run, and operations of our own. */
export const addonFile = 'langevin.node';

/** Name of the record that is written last, when everything else is in place. */
export const recordFile = 'runtime.json';

/** What a complete runtime says about itself: every file, with its size in bytes. */
export interface RuntimeRecord {
  readonly tensorFlow: string;
  readonly binding: string;
  readonly wheelSha256: string;
  readonly files: Readonly<Record<string, number>>;
}

/** `<process.platform>-<process.arch>` of this machine. */
export function currentPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

/** Langevin's cache: `LANGEVIN_CACHE`, or `langevin` in the user's cache folder. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env['LANGEVIN_CACHE']) return path.resolve(env['LANGEVIN_CACHE']);
  if (env['XDG_CACHE_HOME']) return path.join(path.resolve(env['XDG_CACHE_HOME']), 'langevin');
  return path.join(env['HOME'] ?? os.homedir(), '.cache', 'langevin');
}

/** Where the runtime of this version, flavor and platform lives, whether or not it is there. */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env, flavor: RuntimeFlavor = 'cpu'): string {
  return path.join(cacheRoot(env), 'tensorflow', `${tensorFlowVersion}-${flavor}-${currentPlatform()}-${bindingVersion}`);
}

/** Whether a folder holds a whole runtime: its record, and every file that the record names at its full size. */
export function isRuntimeComplete(directory: string): boolean {
  const recordPath = path.join(directory, recordFile);
  if (!existsSync(recordPath)) return false;
  try {
    const sizes = recordedSizes(JSON.parse(readFileSync(recordPath, 'utf8')));
    return sizes.length > 0 && sizes.every(([name, size]) => statSync(path.join(directory, name)).size === size);
  } catch {
    // An unreadable record or a missing file: not a runtime, and installing again mends it.
    return false;
  }
}

function recordedSizes(record: unknown): [string, unknown][] {
  if (typeof record !== 'object' || record === null || !('files' in record)) return [];
  const { files } = record;
  return typeof files === 'object' && files !== null ? Object.entries(files) : [];
}
