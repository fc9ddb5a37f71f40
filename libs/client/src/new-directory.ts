import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { temporaryBeside, writeError } from './replace-file.js';

/** Files of a directory: path in it, and content. */
export type DirectoryFiles = readonly (readonly [path: string, content: string | Uint8Array])[];

/**
 * Makes a directory of files: all of them are there or nothing. Folders above it are created.
 * @param directory must be absent or empty
 * @param files is called once it is known that there is room for them
 * @throws LangevinError `object_exists` when the directory holds something; `storage_full`, `storage_failed`; what `files` throws
 */
export async function newDirectory(directory: string, files: () => DirectoryFiles): Promise<void> {
  const target = resolve(directory);
  await refuseContent(target);
  const temporary = temporaryBeside(target);
  try {
    for (const [path, content] of files()) {
      await mkdir(dirname(join(temporary, path)), { recursive: true });
      await writeFile(join(temporary, path), content);
    }
    // rename(2) replaces an empty directory, and refuses one that has been filled meanwhile.
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true });
    throw writeError(thrown, target);
  }
}

async function refuseContent(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (thrown) {
    const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
    if (code === 'ENOENT') return;
    throw writeError(thrown, directory);
  }
  if (names.length > 0) {
    throw new LangevinError('object_exists', `${directory} holds ${names.length} entries already, e.g. ${names[0]}; name a new or empty directory`);
  }
}
