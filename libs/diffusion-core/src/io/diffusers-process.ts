import { LangevinError, type ProcessConfig } from '@langevin/contracts';
import { betaSchedule, type BetaScheduleConfig } from '../processes/beta-schedule.js';
import type { DiffusersJson } from './diffusers-config.js';

/** Schedulers of diffusers that walk the process of DDPM, and have the same defaults for it. */
const schedulers = [
  'DDIMParallelScheduler',
  'DDIMScheduler',
  'DDPMParallelScheduler',
  'DDPMScheduler',
  'DEISMultistepScheduler',
  'DPMSolverMultistepScheduler',
  'DPMSolverSinglestepScheduler',
  'EulerAncestralDiscreteScheduler',
  'EulerDiscreteScheduler',
  'PNDMScheduler',
  'UniPCMultistepScheduler',
];

/** What these schedulers take for an option that a file leaves out. */
const defaults = { num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon' };

/** Options of a scheduler that say what a model was trained on. The others choose how it is sampled, which is not the model's. */
const processKeys = [...Object.keys(defaults), 'rescale_betas_zero_snr'];

/** β may be written in float32. */
const betaTolerance = 1e-6;

/**
 * The forward process and the prediction that a `scheduler_config.json` of diffusers describes, as the `process` of a job, unchecked. Without a file what
 * diffusers takes where nothing is said: linear β, ε.
 *
 * @throws LangevinError `unsupported` for a scheduler of another kind of process, and for `trained_betas` of no schedule that Langevin has
 */
export function processFromDiffusers(json: DiffusersJson = { _class_name: 'DDPMScheduler' }): Readonly<Record<string, unknown>> {
  const { _class_name: name } = json;
  if (typeof name !== 'string' || !schedulers.includes(name)) {
    throw new LangevinError('unsupported', `scheduler_config.json: _class_name ${JSON.stringify(name)} is not of the process of DDPM; there are ${schedulers.join(', ')}`);
  }
  const given = Object.fromEntries(processKeys.filter((key) => key in json).map((key) => [key, json[key]]));
  const process = { ...defaults, ...given };
  const { trained_betas: betas } = json;
  if (betas === undefined || betas === null) return process;
  return { ...process, ...scheduleOf(betas, process) };
}

/** The schedule that has these β. */
function scheduleOf(betas: unknown, { beta_start, beta_end }: Readonly<Record<string, unknown>>): Partial<ProcessConfig> {
  const values: readonly unknown[] = Array.isArray(betas) ? betas : [];
  if (values.length > 1 && values.every((beta) => typeof beta === 'number' && beta > 0 && beta < 1)) {
    const known = values as number[]; // Each was looked at.
    const ends = { beta_start: known[0]!, beta_end: known.at(-1)! };
    const named = typeof beta_start === 'number' && typeof beta_end === 'number' ? { beta_start, beta_end } : ends;
    const candidates: BetaScheduleConfig[] = [
      ...(['linear', 'scaled_linear'] as const).map((beta_schedule) => ({ num_train_timesteps: known.length, beta_schedule, ...ends })),
      { num_train_timesteps: known.length, beta_schedule: 'sigmoid', ...named },
      { num_train_timesteps: known.length, beta_schedule: 'squaredcos_cap_v2', ...named },
      { num_train_timesteps: known.length, beta_schedule: 'linear_log_snr', ...named, ...logSnrEnds(known) },
    ];
    const schedule = candidates.find((candidate) => isSame(candidate, known));
    if (schedule) return schedule;
  }
  throw new LangevinError('unsupported', 'scheduler_config.json: trained_betas are of no schedule that Langevin has; there are linear, scaled_linear, sigmoid, squaredcos_cap_v2, linear_log_snr');
}

function isSame(candidate: BetaScheduleConfig, betas: readonly number[]): boolean {
  if (candidate.beta_start > candidate.beta_end) return false;
  return betaSchedule(candidate).every((beta, i) => Math.abs(beta / betas[i]! - 1) < betaTolerance);
}

/** ln(ᾱ/(1 − ᾱ)) at both ends, to 9 digits. */
function logSnrEnds(betas: readonly number[]): { log_snr_max: number; log_snr_min: number } {
  const last = betas.reduce((product, beta) => product * (1 - beta), 1);
  const rounded = (alphaBar: number) => Number(Math.log(alphaBar / (1 - alphaBar)).toPrecision(9));
  return { log_snr_max: rounded(1 - betas[0]!), log_snr_min: rounded(last) };
}
