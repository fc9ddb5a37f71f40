import { jobView } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { CoordinatorContext } from './context.js';
import { openJob } from './open-job.js';

/** Finds the newest checkpoint of a job that has lost every trainer, and queues it again from there. Never throws. */
export async function reopenJob(context: CoordinatorContext, jobId: string): Promise<void> {
  const { book, journal, publisher, state, store, log, dispatch } = context;
  try {
    // What was copied before is newer than what is in the store.
    await publisher.settled(jobId);
    const record = book.get(jobId);
    const opened = await openJob(store, record.spec, {}, log);
    // Those that this attempt has stored are counted there already.
    const counted = jobView(state(), jobId)?.checkpoints ?? 0;
    const reopened = { ...opened, earlierCheckpoints: opened.earlierCheckpoints - counted, warnings: [...record.warnings, ...opened.warnings] };
    book.add(jobId, reopened);
    journal.record(jobId, reopened);
    dispatch({ type: 'jobReopened', job: book.request(jobId) });
  } catch (thrown) {
    const { code, message } = LangevinError.from(thrown);
    dispatch({ type: 'reopenFailed', jobId, code, message });
  }
}
