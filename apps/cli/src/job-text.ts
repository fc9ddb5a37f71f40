import type { Job } from '@langevin/rpc';

/** "running" for JOB_PHASE_RUNNING. */
export function phaseName(job: Job): string {
  return String(job.phase).replace('JOB_PHASE_', '').toLowerCase();
}

/** A job as a row: name, phase, step, loss, images a second, reason. */
export function jobRow(job: Job): string[] {
  return [job.id ?? '', phaseName(job), `${job.step}/${job.totalSteps}`, formatLoss(job.loss), formatSpeed(job.imagesPerSecond), job.reason ?? ''];
}

/** A job in a few lines. */
export function describeJob(job: Job): string {
  const lines = [
    `${job.id}: ${phaseName(job)}, ${job.reason}`,
    `  step         ${job.step} of ${job.totalSteps}${Number(job.startedAtStep) > 0 ? ` (continued from ${job.startedAtStep})` : ''}`,
    `  loss         ${formatLoss(job.loss)}`,
    `  images/s     ${formatSpeed(job.imagesPerSecond)}`,
    `  checkpoints  ${job.checkpoints}`,
    `  trainers     ${(job.trainers ?? []).join(', ') || 'none yet'}`,
  ];
  if (job.forkOf) lines.push(`  began at     checkpoint sha256 ${job.forkOf} of another run`);
  if (job.weightsSha256) lines.push(`  weights      sha256 ${job.weightsSha256}`);
  return lines.join('\n');
}

/** Images a second; a dash for a job that does not run. */
function formatSpeed(imagesPerSecond: Job['imagesPerSecond']): string {
  const value = Number(imagesPerSecond ?? 0);
  return value === 0 ? '–' : value.toFixed(1);
}

/** Four significant digits; a dash before the first step. */
export function formatLoss(loss: Job['loss']): string {
  const value = Number(loss ?? 0);
  return value === 0 ? '–' : value.toPrecision(4);
}
