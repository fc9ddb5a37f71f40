import { parseJobSpec } from '@langevin/contracts';
import { requireSameSchedule } from './schedule-difference.js';

const processOf = (process: object) =>
  parseJobSpec({
    name: 'any',
    dataset: { name: 'any' },
    model: { sample_size: 4, block_out_channels: [8], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'] },
    process,
    training: { steps: 1 },
    checkpoints: { everySteps: 1 },
  }).process;

const linear = { beta_schedule: 'linear' };

describe('requireSameSchedule', () => {
  it.each([
    ['other predictions', { prediction_type: 'epsilon' }, { prediction_type: 'v_prediction' }],
    ['a β that a cosine schedule does not use', { beta_end: 0.02 }, { beta_end: 0.5 }],
    ['defaults against what they are', {}, { num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2' }],
  ])('takes equal noise levels, however they are written: %s', (_, a, b) => {
    expect(() => requireSameSchedule(processOf(a), processOf(b))).not.toThrow();
  });

  it.each([
    ['num_train_timesteps', {}, { num_train_timesteps: 500 }, 'process.num_train_timesteps is 1000 in the denoiser and 500 in the classifier'],
    ['beta_schedule', linear, {}, 'process.beta_schedule is linear in the denoiser and squaredcos_cap_v2 in the classifier'],
    ['beta_start', linear, { ...linear, beta_start: 2e-4 }, 'process.beta_start is 0.0001 in the denoiser and 0.0002 in the classifier'],
    ['beta_end', linear, { ...linear, beta_end: 0.0200001 }, 'process.beta_end is 0.02 in the denoiser and 0.0200001 in the classifier'],
    ['the first of two', linear, { ...linear, beta_start: 2e-4, beta_end: 0.03 }, 'process.beta_start is'],
  ])('refuses other noise levels, naming %s', (_, a, b, message) => {
    expect(() => requireSameSchedule(processOf(a), processOf(b))).toThrow(expect.objectContaining({ code: 'schedule_mismatch', message: expect.stringContaining(message) }));
  });
});
