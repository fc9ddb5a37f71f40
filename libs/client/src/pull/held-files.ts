import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LangevinError, type BlobRef } from '@langevin/contracts';
import { errnoOf } from './errno.js';
import { measureFile } from './hash-file.js';
import type { PlannedFile, PullPlan } from './pull-plan.js';

/** Digest and size that a planned file has when it is whole. */
export function plannedRef(file: PlannedFile): BlobRef {
  if ('blob' in file) return file.blob;
  return { digest: createHash('sha256').update(file.content).digest('hex'), size: file.content.byteLength };
}

/**
 * Checks every byte of a directory that was pulled before.
 * @throws LangevinError `object_corrupt` naming the file that is damaged or gone
 */
export async function checkHeld(plan: PullPlan, directory: string): Promise<void> {
  for (const file of plan.files) await checkFile(join(directory, file.path), plannedRef(file));
}

/**
 * Checks every byte of one file.
 * @throws LangevinError `object_corrupt` naming it when it is damaged or gone
 */
export async function checkFile(path: string, { digest, size }: BlobRef): Promise<void> {
  const found = await measureFile(path).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw LangevinError.from(thrown, 'storage_failed');
  });
  if (found?.digest === digest && found.size === size) return;
  const what = found === undefined ? 'it is not there' : found.size === size ? `its sha256 is ${found.digest} instead of ${digest}` : `it has ${found.size} bytes instead of ${size}`;
  throw new LangevinError('object_corrupt', `${path} is damaged: ${what}; remove the directory and pull it again`);
}
