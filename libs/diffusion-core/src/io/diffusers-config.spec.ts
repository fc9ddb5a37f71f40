import { parseUNet2DConfig } from '@langevin/contracts';
import { betaSchedule } from '../processes/beta-schedule.js';
import { diffusersModelIndex, diffusersSchedulerConfig, diffusersUnetConfig, unet2dConfigFromDiffusers } from './diffusers-config.js';

const config = parseUNet2DConfig({
  sample_size: 28,
  block_out_channels: [32, 64],
  down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
  up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
  num_class_embeds: 11,
});

describe('diffusersUnetConfig', () => {
  it('writes every option that shapes the network, and is read back as the same network', () => {
    const json = diffusersUnetConfig(config);
    expect(json).toMatchObject({ _class_name: 'UNet2DModel', block_out_channels: [32, 64], downsample_padding: 1, num_class_embeds: 11, add_attention: true });
    expect(json).not.toHaveProperty('type');
    expect(unet2dConfigFromDiffusers(JSON.parse(JSON.stringify(json)))).toEqual(config);
    const { num_class_embeds: _, ...unconditional } = config;
    expect(unet2dConfigFromDiffusers(diffusersUnetConfig(unconditional))).toEqual(unconditional);
  });
});

describe('unet2dConfigFromDiffusers', () => {
  const json = diffusersUnetConfig(config);

  it('names the options that Langevin does not build', () => {
    expect(() => unet2dConfigFromDiffusers({ ...json, act_fn: 'gelu', dropout: 0.1 })).toThrow('does not build act_fn "gelu" (only "silu"), dropout 0.1 (only 0)');
    expect(() => unet2dConfigFromDiffusers({ ...json, time_embedding_dim: 7 })).toThrow('time_embedding_dim 7 (only null)');
    expect(() => unet2dConfigFromDiffusers({ ...json, _class_name: 'UNet2DConditionModel' })).toThrow('_class_name "UNet2DConditionModel" (only "UNet2DModel")');
    expect(() => unet2dConfigFromDiffusers({ ...json, down_block_types: ['SkipDownBlock2D', 'DownBlock2D'] })).toThrow('down_block_types[0]');
    expect(() => unet2dConfigFromDiffusers({ ...json, novelty: 1 })).toThrow('unknown key "novelty"');
  });

  it('takes diffusers’ default, not its own, for what a file leaves out', () => {
    const { norm_num_groups: _n, layers_per_block: _l, in_channels: _i, out_channels: _o, ...rest } = json;
    expect(unet2dConfigFromDiffusers(rest)).toMatchObject({ norm_num_groups: 32, layers_per_block: 2, in_channels: 3, out_channels: 3 });
  });
});

describe('diffusersSchedulerConfig and diffusersModelIndex', () => {
  const process = { num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon' } as const;

  it('name a scheduler that does not clip, and the pipeline that goes with it', () => {
    expect(diffusersSchedulerConfig(process, 'DDIMScheduler')).toMatchObject({ ...process, _class_name: 'DDIMScheduler', clip_sample: false, set_alpha_to_one: true });
    expect(diffusersSchedulerConfig(process, 'DDPMScheduler')).toMatchObject({ _class_name: 'DDPMScheduler', variance_type: 'fixed_small' });
    expect(diffusersModelIndex('DDIMScheduler')).toMatchObject({ _class_name: 'DDIMPipeline', unet: ['diffusers', 'UNet2DModel'] });
    expect(diffusersModelIndex('DDPMScheduler')).toMatchObject({ _class_name: 'DDPMPipeline', scheduler: ['diffusers', 'DDPMScheduler'] });
  });

  it('write a schedule that diffusers does not know as its β', () => {
    const own = { ...process, beta_schedule: 'linear_log_snr', log_snr_max: 9, log_snr_min: -8, num_train_timesteps: 3 } as const;
    const config = diffusersSchedulerConfig(own, 'DDIMScheduler');
    expect(config).toMatchObject({ beta_schedule: 'linear', trained_betas: [...betaSchedule(own)] });
    expect(Object.keys(config).filter((key) => key.startsWith('log_snr'))).toEqual([]);
    expect(diffusersSchedulerConfig(process, 'DDIMScheduler')['trained_betas']).toBeNull();
  });

  it('write the sigmoid schedule by name where the scheduler has it, and as its β where it has not', () => {
    const sigmoid = { ...process, beta_schedule: 'sigmoid', num_train_timesteps: 4 } as const;
    expect(diffusersSchedulerConfig(sigmoid, 'DDPMScheduler')).toMatchObject({ beta_schedule: 'sigmoid', trained_betas: null });
    expect(diffusersSchedulerConfig(sigmoid, 'DDIMScheduler')).toMatchObject({ beta_schedule: 'linear', trained_betas: [...betaSchedule(sigmoid)] });
  });

  it('say whether the last level is without signal, and leave it to diffusers to make it so', () => {
    expect(diffusersSchedulerConfig(process, 'DDIMScheduler')['rescale_betas_zero_snr']).toBe(false);
    const own = { ...process, beta_schedule: 'linear_log_snr', num_train_timesteps: 3, prediction_type: 'v_prediction' } as const;
    const config = diffusersSchedulerConfig({ ...own, rescale_betas_zero_snr: true }, 'DDIMScheduler');
    expect(config).toMatchObject({ rescale_betas_zero_snr: true, trained_betas: [...betaSchedule(own)] });
  });
});
