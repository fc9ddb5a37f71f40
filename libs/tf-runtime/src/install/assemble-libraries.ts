import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { filesOf, type RuntimeWheel } from './cuda-pins.js';
import { downloadWheel, type DownloadOptions } from './download-wheel.js';
import { unpackWheel } from './unpack-wheel.js';
import type { PinnedWheel } from './wheel-pins.js';

/** Where libraries are put together. */
export interface AssemblyOptions extends DownloadOptions {
  /** The folder in which the runtime is built. */
  readonly building: string;
  /** Folder in which wheels wait for another attempt; null fetches them again. */
  readonly keep: string | null;
}

/** Where the wheels of a runtime wait while it is not finished: an attempt that follows one that failed takes them from there. */
export function keptWheels(directory: string): string {
  return `${directory}.wheels`;
}

/**
 * Fetches wheels and unpacks their libraries into the folder of the runtime. Nothing but these and TensorFlow's headers stays in it.
 * @throws LangevinError of the download or the unpacking that failed
 */
export async function assembleLibraries(wheels: readonly RuntimeWheel[], options: AssemblyOptions): Promise<void> {
  const { building, onProgress, signal } = options;
  const scratch = path.join(building, 'scratch');
  for (const wheel of wheels) {
    await mkdir(scratch, { recursive: true });
    const file = await obtain(wheel, scratch, options);
    onProgress(`unpacking ${filesOf(wheel).length} files of ${wheel.packageName}`);
    await unpackWheel(file, wheel, path.join(building, wheel.folder), signal);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Links make a kept wheel this build's own at once: another build that ends meanwhile takes nothing away from it. */
async function obtain(wheel: PinnedWheel, scratch: string, { keep, ...options }: AssemblyOptions): Promise<string> {
  if (keep === null) return downloadWheel(wheel, scratch, options);
  const kept = path.join(keep, `${wheel.sha256}.whl`);
  const own = path.join(scratch, path.basename(kept));
  if ((await linked(kept, own)) && (await sha256Of(own)) === wheel.sha256) {
    options.onProgress(`${wheel.packageName} ${wheel.version} was fetched before`);
    return own;
  }
  await Promise.all([own, kept].map((file) => rm(file, { force: true })));
  const file = await downloadWheel(wheel, scratch, options);
  await mkdir(keep, { recursive: true });
  await linked(file, kept);
  return file;
}

async function linked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch {
    // There is none, or another build kept it first; a file system without links keeps nothing, and everything is fetched again.
    return false;
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
