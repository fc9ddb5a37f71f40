import type { Job } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { readCheckpoint } from '@langevin/registry';
import type { CoordinatorContext } from './context.js';
import { weightsOf } from './spool-publisher.js';

/**
 * Checkpoints that an earlier coordinator had still to store, and that are not in the spool: it brought them into the store,
 * and died before it could note that. Never throws.
 */
export async function reconcileStoring({ spool, store, dispatch, log }: CoordinatorContext, jobs: readonly Job[]): Promise<void> {
  const open = jobs.flatMap(({ request, storing, copying }) => storing.filter((step) => step !== copying?.step).map((step) => ({ run: request.id, step })));
  if (open.length === 0) return;
  const spooled = await spool.list();
  for (const { run, step } of open.filter((one) => !spooled.some((entry) => entry.run === one.run && entry.step === one.step))) {
    try {
      const { digest, manifest } = await readCheckpoint(store, run, step);
      dispatch({ type: 'checkpointStored', jobId: run, step, manifestDigest: digest, weightsSha256: weightsOf(manifest) });
    } catch (thrown) {
      const { code, message } = LangevinError.from(thrown);
      if (code !== 'checkpoint_missing') log(`checkpoint ${step} of run "${run}" could not be looked for: ${message}`);
      dispatch({ type: 'checkpointFailed', jobId: run, step, code, message });
    }
  }
}
