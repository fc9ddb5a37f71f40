import { LangevinError, type ProcessConfig } from '@langevin/contracts';
import { cosFirstQuadrant } from '../rng/elementary.js';
import { stableExp } from '../rng/stable-power.js';
import { rescaleBetasZeroSnr } from './zero-terminal-snr.js';

/** The keys of diffusers' scheduler configuration that fix a discrete schedule. */
export type BetaScheduleConfig = Pick<
  ProcessConfig,
  'num_train_timesteps' | 'beta_schedule' | 'beta_start' | 'beta_end' | 'log_snr_max' | 'log_snr_min' | 'rescale_betas_zero_snr'
>;

/** Cap on β of the cosine schedule, Nichol & Dhariwal (2021), §3.2. */
const MAX_BETA = 0.999;

function linspace(first: number, last: number, count: number): Float64Array {
  const gap = count > 1 ? (last - first) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, i) => first + gap * i);
}

/** Nichol & Dhariwal (2021), eq. 17 with s = 0.008: ᾱ(u) = cos²((u + s)/(1 + s)·π/2). */
function cosineAlphaBar(u: number): number {
  const cosine = cosFirstQuadrant(((u + 0.008) / 1.008) * (Math.PI / 2));
  return cosine * cosine;
}

function cosineBetas(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    Math.min(1 - cosineAlphaBar((i + 1) / count) / cosineAlphaBar(i / count), MAX_BETA),
  );
}

/** 1/(1 + e^−x), with the same bits on every platform. */
const sigmoid = (x: number): number => (x < 0 ? stableExp(x) / (1 + stableExp(x)) : 1 / (1 + stableExp(-x)));

/** β of the levels ᾱ_i = sigmoid(λ_i) with λ from `max` to `min` in equal steps. */
function logSnrBetas(count: number, max: number, min: number): Float64Array {
  const levels = linspace(max, min, count).map(sigmoid);
  return levels.map((level, i) => 1 - level / (levels[i - 1] ?? 1));
}

/**
 * β_0 … β_{T−1} in float64: `linear` (Ho et al. 2020, §4), `scaled_linear` (linear in √β, Rombach et al. 2022), `sigmoid` (from beta_start to
 * beta_end along a sigmoid over −6 … 6, Xu et al. 2022, appendix of GeoDiff),
 * `squaredcos_cap_v2` (the cosine schedule of Nichol & Dhariwal 2021) or `linear_log_snr` (λ = ln(α²/σ²) falls in equal steps from log_snr_max to
 * log_snr_min, Kingma et al. 2021, §6.1: L_simple of ε is then the variational bound). The last two ignore beta_start and beta_end.
 * With rescale_betas_zero_snr, what `rescaleBetasZeroSnr` makes of them. The same bits on every platform.
 *
 * @throws LangevinError `invalid_spec` unless T ≥ 1, 0 < beta_start ≤ beta_end < 1 and log_snr_min < log_snr_max
 */
export function betaSchedule(config: BetaScheduleConfig): Float64Array {
  const betas = plainBetas(config);
  return config.rescale_betas_zero_snr ? rescaleBetasZeroSnr(betas) : betas;
}

function plainBetas(config: BetaScheduleConfig): Float64Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  if (!Number.isInteger(count) || count < 1) {
    throw new LangevinError('invalid_spec', `process.num_train_timesteps: ${count} is not a whole number of at least 1`);
  }
  if (!(start > 0 && start <= end && end < 1)) {
    throw new LangevinError('invalid_spec', `process: needs 0 < beta_start ≤ beta_end < 1, got ${start} and ${end}`);
  }
  const { log_snr_max: max = 13.3, log_snr_min: min = -5 } = config;
  if (!(min < max)) throw new LangevinError('invalid_spec', `process: needs log_snr_min < log_snr_max, got ${min} and ${max}`);
  switch (config.beta_schedule) {
    case 'linear':
      return linspace(start, end, count);
    case 'scaled_linear':
      return linspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => root * root);
    case 'sigmoid':
      return linspace(-6, 6, count).map((x) => start + sigmoid(x) * (end - start));
    case 'squaredcos_cap_v2':
      return cosineBetas(count);
    case 'linear_log_snr':
      return logSnrBetas(count, max, min);
  }
}
