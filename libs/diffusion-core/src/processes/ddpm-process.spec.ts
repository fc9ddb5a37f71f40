import { betaProcess, constantErasureBetas, ddpmProcess, type DdpmProcess } from './ddpm-process.js';
import { rescaleBetasZeroSnr } from './zero-terminal-snr.js';
import { scheduleIdentity } from './schedule-identity.js';

const linear = { num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 } as const;
const scaled = { ...linear, beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 } as const;
const cosine = { ...linear, beta_schedule: 'squaredcos_cap_v2' } as const;
const ratio = (process: DdpmProcess, t: number) => process.sigma(t) / process.alpha(t);
const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe('ddpmProcess', () => {
  it('has the linear schedule of Ho et al. (2020): ᾱ_999 = 4.0358298e-5, σ/α from 0.0100005 to 157.40728', () => {
    const process = ddpmProcess(linear);
    expect(relative(process.alphasCumprod[999]!, 4.0358298e-5)).toBeLessThan(1e-7);
    expect(relative(ratio(process, 0), 0.0100005)).toBeLessThan(1e-6);
    expect(relative(ratio(process, 999), 157.40728)).toBeLessThan(1e-7);
  });

  it('has the scaled_linear schedule of Stable Diffusion: σ/α from 0.0291672 to 14.6146412', () => {
    const process = ddpmProcess(scaled);
    expect(relative(ratio(process, 0), 0.0291672)).toBeLessThan(2e-6);
    expect(relative(ratio(process, 999), 14.6146412)).toBeLessThan(1e-8);
  });

  it('has the cosine schedule of Nichol & Dhariwal (2021): ᾱ_999 = 2.428767e-9, β capped at 0.999', () => {
    const process = ddpmProcess(cosine);
    expect(relative(process.alphasCumprod[999]!, 2.428767e-9)).toBeLessThan(1e-6);
    expect(Math.max(...process.betas)).toBe(0.999);
  });

  it('follows eq. 17 of Nichol & Dhariwal where no cap acts', () => {
    const alphaBar = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2 / Math.cos(((0.008 / 1.008) * Math.PI) / 2) ** 2;
    const process = ddpmProcess(cosine);
    for (const t of [0, 1, 250, 500, 990]) expect(relative(process.alphasCumprod[t]!, alphaBar((t + 1) / 1000))).toBeLessThan(1e-11);
  });

  it.each([
    ['13.3 to −5 unless told', {}, 13.3, -5],
    ['the ends that are given', { log_snr_max: 9, log_snr_min: -8 }, 9, -8],
  ])('has the linear log-SNR of Kingma et al. (2021), §6.1: %s', (_, ends, max, min) => {
    const process = ddpmProcess({ ...linear, beta_schedule: 'linear_log_snr', ...ends });
    for (const t of [0, 1, 400, 998, 999]) expect(Math.abs(process.logSnr(t) - (max + (t / 999) * (min - max)))).toBeLessThan(1e-9);
  });

  it.each([10, 1000])('has the sigmoid schedule of GeoDiff, as diffusers has it, of %d steps', (count) => {
    const { betas } = ddpmProcess({ ...linear, num_train_timesteps: count, beta_schedule: 'sigmoid' });
    for (const i of [0, 1, count >> 1, count - 1]) {
      const x = -6 + (12 * i) / (count - 1);
      expect(relative(betas[i]!, 1e-4 + (0.02 - 1e-4) / (1 + Math.exp(-x)))).toBeLessThan(1e-12);
    }
  });

  it('refuses ends of the log-SNR that do not fall', () => {
    for (const ends of [{ log_snr_max: -5 }, { log_snr_min: 14 }]) {
      expect(() => ddpmProcess({ ...linear, beta_schedule: 'linear_log_snr', ...ends })).toThrow(expect.objectContaining({ code: 'invalid_spec', message: expect.stringContaining('needs log_snr_min < log_snr_max') }));
    }
  });

  it.each([linear, scaled, cosine, { ...linear, beta_schedule: 'linear_log_snr' } as const, { ...linear, beta_schedule: 'sigmoid' } as const])('preserves variance and loses signal at every step: $beta_schedule', (config) => {
    const process = ddpmProcess(config);
    for (let t = 0; t < 1000; t++) {
      expect(Math.abs(process.alpha(t) ** 2 + process.sigma(t) ** 2 - 1)).toBeLessThan(1e-14);
      expect(process.logSnr(t)).toBeLessThan(process.logSnr(t - 1));
      expect(Math.abs(process.logSnr(t) - 2 * Math.log(process.alpha(t) / process.sigma(t)))).toBeLessThan(1e-9);
    }
  });

  it('is clean data at time −1', () => {
    const process = ddpmProcess(linear);
    expect([process.alpha(-1), process.sigma(-1), process.logSnr(-1)]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
  });

  it('integrates its drift to ln α and its diffusion to the variance of the SDE', () => {
    const process = ddpmProcess(linear);
    let lnAlpha = 0;
    let sigma2 = 0;
    for (let t = 0; t < 1000; t++) {
      // On each unit piece f and g² are constant: σ² solves y' = 2f·y + g², in closed form.
      const f = process.drift(t);
      lnAlpha += f;
      sigma2 = sigma2 * Math.exp(2 * f) + (process.diffusion2(t) * Math.expm1(2 * f)) / (2 * f);
    }
    expect(relative(lnAlpha, Math.log(process.alpha(999)))).toBeLessThan(1e-12);
    expect(relative(sigma2, process.sigma(999) ** 2)).toBeLessThan(1e-12);
  });

  it('has the posterior variances that diffusers publishes for its scheduler', () => {
    const process = ddpmProcess(linear);
    const small = (t: number) => process.posteriorVariance(t, t - 1, 'fixed_small');
    expect(small(0)).toBe(0);
    expect(Math.abs(small(487) - 0.00979)).toBeLessThan(1e-5);
    expect(Math.abs(small(999) - 0.02)).toBeLessThan(1e-5);
    expect(Math.abs(process.posteriorVariance(420, 400, 'fixed_small') - 0.14771)).toBeLessThan(1e-5);
    expect(Math.abs(process.posteriorVariance(980, 960, 'fixed_small') - 0.3246)).toBeLessThan(1e-5);
    expect(relative(process.posteriorVariance(500, 499, 'fixed_large'), process.betas[500]!)).toBeLessThan(1e-12);
  });

  it.each([-2, 1000, 0.5, Number.NaN])('refuses the time %s', (t) => {
    expect(() => ddpmProcess(linear).alpha(t)).toThrow(`time ${t} is not an integer from -1 (clean) to 999`);
  });

  it.each([
    [{ ...linear, num_train_timesteps: 0 }, 'num_train_timesteps: 0'],
    [{ ...linear, beta_start: 0 }, 'got 0 and 0.02'],
    [{ ...linear, beta_end: 1 }, 'got 0.0001 and 1'],
    [{ ...linear, beta_start: 0.5 }, 'got 0.5 and 0.02'],
  ])('refuses an impossible schedule %#', (config, message) => {
    expect(() => ddpmProcess(config)).toThrow(message);
  });
});

describe('zero terminal SNR', () => {
  it.each([linear, scaled, cosine])('moves √ᾱ linearly so that the last is 0 and the first stays (Lin et al. 2024, algorithm 1): $beta_schedule', (config) => {
    const [plain, moved] = [ddpmProcess(config), ddpmProcess({ ...config, rescale_betas_zero_snr: true })];
    const [first, last] = [plain.alpha(0), plain.alpha(999)];
    for (const t of [0, 1, 500, 998]) expect(relative(moved.alpha(t), ((plain.alpha(t) - last) * first) / (first - last))).toBeLessThan(1e-10);
    expect([moved.alpha(999), moved.sigma(999), moved.betas[999]]).toEqual([0, 1, 1]);
    // Twice is once.
    rescaleBetasZeroSnr(moved.betas).forEach((beta, t) => expect(Math.abs(beta - moved.betas[t]!)).toBeLessThan(1e-12));
  });

  it.each([3, 1000, 100_000])('is finite in all that it says, and falls to its end: %d steps', (count) => {
    const process = ddpmProcess({ ...cosine, num_train_timesteps: count, rescale_betas_zero_snr: true });
    const t = count - 1;
    expect([process.logSnr(t), process.drift(t), process.diffusion2(t), process.posteriorVariance(t, t - 1, 'fixed_small')].every(Number.isFinite)).toBe(true);
    expect(process.logSnr(t)).toBeLessThan(process.logSnr(t - 1));
    expect(process.drift(t)).toBeLessThan(-0.3);
    if (count < 5000) expect(relative(process.logSnr(t), Math.log(2 ** -24))).toBeLessThan(1e-6);
    if (count < 5000) expect(relative(process.diffusion2(t), Math.log(process.alpha(t - 1) ** 2 * 2 ** 24))).toBeLessThan(1e-12);
  });

  it('needs levels between which the signal falls', () => {
    expect(() => ddpmProcess({ ...linear, num_train_timesteps: 1, rescale_betas_zero_snr: true })).toThrow(expect.objectContaining({ code: 'invalid_spec', message: 'process.rescale_betas_zero_snr: needs several noise levels, got 1' }));
  });
});

describe('scheduleIdentity', () => {
  it('is α then σ as float32, equal for equal schedules and different for different ones', () => {
    const identity = scheduleIdentity(ddpmProcess(linear));
    expect(identity).toHaveLength(2000);
    expect(identity[999]).toBe(Math.fround(ddpmProcess(linear).alpha(999)));
    expect(identity[1999]).toBe(Math.fround(ddpmProcess(linear).sigma(999)));
    expect(scheduleIdentity(ddpmProcess({ ...linear }))).toEqual(identity);
    expect(scheduleIdentity(ddpmProcess({ ...linear, beta_end: 0.0201 }))).not.toEqual(identity);
  });

  it('ignores β limits that the cosine schedule does not use', () => {
    expect(scheduleIdentity(ddpmProcess({ ...cosine, beta_end: 0.5 }))).toEqual(scheduleIdentity(ddpmProcess(cosine)));
  });
});

describe('betaProcess', () => {
  it('is the chain of any β: x_t has the variance and the correlation with x₀ that its steps give it', () => {
    const betas = Float64Array.of(0.1, 0.3, 0.05, 0.8);
    const process = betaProcess(betas);
    let [signal, noise] = [1, 0];
    betas.forEach((beta, t) => {
      [signal, noise] = [signal * Math.sqrt(1 - beta), noise * (1 - beta) + beta];
      expect(process.alpha(t)).toBeCloseTo(signal, 14);
      expect(process.sigma(t) ** 2).toBeCloseTo(noise, 14);
    });
    expect([process.numTrainTimesteps, process.tMax, process.betas]).toEqual([4, 3, betas]);
  });

  it.each([1, 2, 50])('erases the same share in each of %d steps', (steps) => {
    const process = betaProcess(constantErasureBetas(steps));
    for (let t = 0; t < steps; t++) expect(process.alpha(t) ** 2).toBeCloseTo(1 - (t + 1) / steps, 12);
    expect([process.alpha(steps - 1), process.sigma(steps - 1), Number.isFinite(process.logSnr(steps - 1))]).toEqual([0, 1, true]);
  });

  it.each([
    [[], 'none'],
    [[0.1, 0], '0'],
    [[1, 0.1], '1'],
    [[0.1, 1.5], '1.5'],
    [[0.1, Number.NaN], 'NaN'],
  ])('refuses %j', (betas, got) => {
    const message = `a process needs β above 0 and below 1, the last one at most 1, got ${got}`;
    expect(() => betaProcess(Float64Array.from(betas))).toThrow(expect.objectContaining({ code: 'invalid_spec', message }));
  });
});
