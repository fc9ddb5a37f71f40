import { LangevinError } from '@langevin/contracts';
import type { PublishedCheckpoint } from './checkpoint-publisher.js';
import { readCheckpoint, readManifest } from './checkpoint-reader.js';
import type { ObjectStore } from './object-store.js';

/** Which checkpoint. */
export type CheckpointReference =
  | { readonly by: 'run'; readonly run: string; readonly step: number | 'latest' }
  | { readonly by: 'digest'; readonly digest: string };

const runName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Reads a reference to a checkpoint: `digits` (the newest of the run), `digits:4000` (the one of a step), or
 * `sha256:…`, the digest of its manifest.
 * @throws LangevinError `invalid_argument` saying what is wrong and what is possible
 */
export function parseCheckpointReference(text: string): CheckpointReference {
  const [, run = '', step] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (run === 'sha256' && step !== undefined) {
    if (/^[0-9a-f]{64}$/.test(step)) return { by: 'digest', digest: step };
    throw badReference(text, `a digest has 64 hexadecimal digits in lower case, this one has ${step.length} characters`);
  }
  if (!runName.test(run)) throw badReference(text, `${JSON.stringify(run)} is no name of a run`);
  if (step === undefined) return { by: 'run', run, step: 'latest' };
  if (/^\d{1,12}$/.test(step)) return { by: 'run', run, step: Number(step) };
  throw badReference(text, `${JSON.stringify(step)} is no step, which is a number from 0 on`);
}

/**
 * The manifest that a reference means now. `latest` is the newest checkpoint whose manifest is whole; its files are not read.
 * @param onWarning told about each newer one that is damaged
 * @throws LangevinError `invalid_argument`; `run_unknown`, `checkpoint_missing` saying what there is; `checkpoint_corrupt`,
 * `object_corrupt` naming the damaged object
 */
export async function resolveCheckpoint(store: ObjectStore, text: string, onWarning?: (message: string) => void): Promise<PublishedCheckpoint> {
  const reference = parseCheckpointReference(text);
  if (reference.by === 'digest') return { digest: reference.digest, manifest: await readManifest(store, reference.digest) };
  const { digest, manifest } = await readCheckpoint(store, reference.run, reference.step, { roles: [], ...(onWarning && { onWarning }) });
  return { digest, manifest };
}

function badReference(text: string, problem: string): LangevinError {
  return new LangevinError('invalid_argument', `checkpoint reference ${JSON.stringify(text)}: ${problem}; write RUN, RUN:STEP or sha256:DIGEST`);
}
