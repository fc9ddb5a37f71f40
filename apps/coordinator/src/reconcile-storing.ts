import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { readCheckpoint } from '@langevin/registry';
import type { CoordinatorContext } from './context.js';
import { weightsOf } from './spool-publisher.js';

/** These pass: the store is away. */
const passing = ['storage_unavailable', 'bucket_missing', 'access_denied'];
const againMs = 1000;

/**
 * Checkpoints that an earlier coordinator had still to store, and that are not in the spool: it brought them into the store,
 * and died before it could note that. Waits for a store that is away. Never throws.
 */
export async function reconcileStoring(context: CoordinatorContext, jobs: readonly Job[]): Promise<void> {
  const open = jobs.flatMap(({ request, storing, copying }) => storing.filter((step) => step !== copying?.step).map((step) => ({ run: request.id, step })));
  if (open.length === 0) return;
  const spooled = await context.spool.list();
  for (const one of open.filter(({ run, step }) => !spooled.some((entry) => entry.run === run && entry.step === step))) await look(context, one);
}

async function look({ store, dispatch, log, closing }: CoordinatorContext, { run, step }: { readonly run: string; readonly step: number }): Promise<void> {
  for (let isTold = false; !closing.aborted; isTold = true) {
    try {
      const { digest, manifest } = await readCheckpoint(store, run, step);
      return dispatch({ type: 'checkpointStored', jobId: run, step, manifestDigest: digest, weightsSha256: weightsOf(manifest) });
    } catch (thrown) {
      const { code, message } = LangevinError.from(thrown);
      if (!passing.includes(code)) return dispatch({ type: 'checkpointFailed', jobId: run, step, code, message });
      if (!isTold) log(`checkpoint ${step} of run "${run}" will be looked for when the store is reachable: ${message}`);
      await sleep(againMs, undefined, { signal: closing }).catch(() => undefined);
    }
  }
}
