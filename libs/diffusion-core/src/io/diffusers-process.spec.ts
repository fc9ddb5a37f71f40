import { diffusersSchedulerConfig } from './diffusers-config.js';
import { processFromDiffusers } from './diffusers-process.js';
import { betaSchedule } from '../processes/beta-schedule.js';

const scheduler = (options: object = {}) => processFromDiffusers({ _class_name: 'DDPMScheduler', ...options });
const linear = { num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon' };

describe('processFromDiffusers', () => {
  it('takes what diffusers takes for what is left out, and for a file that is not there', () => {
    expect(scheduler()).toEqual(linear);
    expect(processFromDiffusers()).toEqual(linear);
  });

  it('takes what a model was trained on, and not how it is sampled', () => {
    const own = { num_train_timesteps: 500, beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012, prediction_type: 'v_prediction', rescale_betas_zero_snr: true };
    expect(scheduler({ ...own, clip_sample: true, steps_offset: 1, timestep_spacing: 'trailing', trained_betas: null })).toEqual(own);
  });

  it.each(['DDIMScheduler', 'PNDMScheduler', 'EulerDiscreteScheduler', 'UniPCMultistepScheduler'])('knows the process of %s', (name) => {
    expect(processFromDiffusers({ _class_name: name })).toEqual(linear);
  });

  it.each(['ScoreSdeVeScheduler', 'FlowMatchEulerDiscreteScheduler', undefined, 7])('refuses the process of %s', (name) => {
    const message = `scheduler_config.json: _class_name ${JSON.stringify(name)} is not of the process of DDPM; there are DDIMParallelScheduler, DDIMScheduler, `;
    expect(() => processFromDiffusers({ _class_name: name })).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining(message) }));
  });

  it.each([
    ['linear', {}],
    ['scaled_linear', { beta_start: 0.001, beta_end: 0.03 }],
    ['sigmoid', { beta_start: 0.001, beta_end: 0.03 }],
    ['squaredcos_cap_v2', {}],
    ['linear_log_snr', { log_snr_max: 9, log_snr_min: -8 }],
    ['linear_log_snr', {}],
  ] as const)('finds the schedule %s %j of which β were written out, in float32 too', (beta_schedule, options) => {
    const process = { num_train_timesteps: 40, beta_schedule, beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon', ...options } as const;
    const betas = betaSchedule(process);
    for (const trained_betas of [[...betas], [...Float32Array.from(betas)]]) {
      const found = scheduler({ ...process, beta_schedule: 'linear', trained_betas });
      expect(found).toMatchObject({ num_train_timesteps: 40, beta_schedule, prediction_type: 'epsilon' });
      betaSchedule(found as unknown as typeof process).forEach((beta, i) => expect(Math.abs(beta / betas[i]! - 1)).toBeLessThan(1e-6));
    }
  });

  it('reads back what Langevin writes', () => {
    const own = { num_train_timesteps: 20, beta_schedule: 'linear_log_snr', beta_start: 1e-4, beta_end: 0.02, log_snr_max: 9, log_snr_min: -8, prediction_type: 'v_prediction', rescale_betas_zero_snr: true } as const;
    const written: unknown = JSON.parse(JSON.stringify(diffusersSchedulerConfig(own, 'DDIMScheduler')));
    expect(processFromDiffusers(written as Record<string, unknown>)).toEqual(own);
  });

  it.each([
    ['of no schedule', [0.1, 0.3, 0.2]],
    ['that fall', [0.3, 0.2, 0.1, 0.05]],
    ['none', []],
    ['one alone', [0.1]],
    ['no numbers', ['0.1', '0.2', '0.3']],
    ['no list', 'linear'],
    ['a β of 1', [0.1, 0.5, 1]],
    ['a β of 0', [0, 0.1, 0.2]],
    ['a schedule but for one', [...betaSchedule({ num_train_timesteps: 20, beta_schedule: 'linear', beta_start: 0.01, beta_end: 0.2 })].with(7, 0.081)],
  ])('refuses trained_betas: %s', (_, trained_betas) => {
    const message = 'scheduler_config.json: trained_betas are of no schedule that Langevin has; there are linear, scaled_linear, sigmoid, squaredcos_cap_v2, linear_log_snr';
    expect(() => scheduler({ trained_betas })).toThrow(expect.objectContaining({ code: 'unsupported', message }));
  });
});
