import { parseJobSpec } from '@langevin/contracts';
import type { Job, Job__Output, RpcClient } from '@langevin/rpc';
import { describeJob } from './job-text.js';
import type { Output } from './output.js';
import { stopSignal } from './stop-signal.js';
import { watchJob } from './watch-job.js';

/**
 * Shows a job that was just queued, or, with `wait`, follows it to its end and shows how that went. What was passed over to
 * find its checkpoint is said first, under --json too: it must not go unseen.
 * @throws LangevinError as `watchJob`
 */
export async function follow(jobs: RpcClient<'Jobs'>, submitted: Job__Output, wait: boolean, output: Output): Promise<void> {
  for (const warning of submitted.warnings) process.stderr.write(`langevin: warning: ${warning}; continues from checkpoint ${submitted.startedAtStep}\n`);
  const last: Job = wait ? await watchJob(jobs, parseJobSpec(JSON.parse(submitted.specJson)), output.json, stopSignal()) : submitted;
  output.result(last, describeJob(last));
  if (last.phase === 'JOB_PHASE_FAILED') process.exitCode = 1;
}
