import { LangevinError, type ProcessConfig } from '@langevin/contracts';
import { ddpmProcess } from './ddpm-process.js';
import { scheduleIdentity } from './schedule-identity.js';

/** The options of a process that its noise levels follow from. */
const scheduleKeys = ['num_train_timesteps', 'beta_schedule', 'beta_start', 'beta_end', 'log_snr_max', 'log_snr_min', 'rescale_betas_zero_snr'] as const;

/**
 * Refuses a denoiser and a classifier whose noise levels differ: at equal times they would see different noise, and the
 * gradient of one would mislead the other. How a schedule is written down is of no account, only its levels are.
 *
 * @throws LangevinError `schedule_mismatch` naming the first option of the process that differs
 */
export function requireSameSchedule(denoiser: ProcessConfig, classifier: ProcessConfig): void {
  const [a, b] = [denoiser, classifier].map((config) => scheduleIdentity(ddpmProcess(config)));
  if (a!.length === b!.length && a!.every((level, i) => level === b![i])) return;
  const key = scheduleKeys.find((candidate) => denoiser[candidate] !== classifier[candidate]) ?? scheduleKeys[0];
  throw new LangevinError(
    'schedule_mismatch',
    `process.${key} is ${denoiser[key]} in the denoiser and ${classifier[key]} in the classifier: they see different noise at the same time; train the classifier on the denoiser's process`,
  );
}
