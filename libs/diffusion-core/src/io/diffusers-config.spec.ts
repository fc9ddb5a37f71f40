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
    expect(() => unet2dConfigFromDiffusers({ ...json, act_fn: 'gelu', time_embedding_type: 'fourier' })).toThrow(
      expect.objectContaining({ code: 'unsupported', message: 'unet/config.json: Langevin does not build act_fn "gelu" (only "silu"), time_embedding_type "fourier" (only "positional")' }),
    );
    expect(() => unet2dConfigFromDiffusers({ ...json, mid_block_type: null })).toThrow('mid_block_type null (only "UNetMidBlock2D")');
    expect(() => unet2dConfigFromDiffusers({ ...json, resnet_time_scale_shift: 'ada_group' })).toThrow('resnet_time_scale_shift: invalid option: expected one of "default"|"scale_shift"');
    expect(() => unet2dConfigFromDiffusers({ ...json, _class_name: 'UNet2DConditionModel' })).toThrow('_class_name "UNet2DConditionModel" (only "UNet2DModel")');
    expect(() => unet2dConfigFromDiffusers({ ...json, down_block_types: ['SkipDownBlock2D', 'DownBlock2D'] })).toThrow('down_block_types[0]');
    expect(() => unet2dConfigFromDiffusers({ ...json, novelty: 1 })).toThrow('unknown key "novelty"');
  });

  it('takes diffusers’ default, not its own, for what a file leaves out', () => {
    const { norm_num_groups: _n, layers_per_block: _l, in_channels: _i, out_channels: _o, ...rest } = json;
    expect(unet2dConfigFromDiffusers(rest)).toMatchObject({ norm_num_groups: 32, layers_per_block: 2, in_channels: 3, out_channels: 3 });
  });
});

describe('the options of a network', () => {
  const options = {
    resnet_time_scale_shift: 'scale_shift',
    downsample_type: 'resnet',
    upsample_type: 'resnet',
    downsample_padding: 0,
    attn_norm_num_groups: 4,
    add_attention: false,
    mid_block_scale_factor: 1.5,
    time_embedding_dim: 48,
    center_input_sample: true,
    attention_head_dim: null,
    class_embed_type: 'timestep',
  };
  const { num_class_embeds: _, ...unlabelled } = config;
  const usual = diffusersUnetConfig(config);

  it('go to diffusers and come back', () => {
    const given = parseUNet2DConfig({ ...unlabelled, ...options });
    const json = diffusersUnetConfig(given);
    expect(json).toMatchObject({ ...options, num_class_embeds: null, dropout: 0, act_fn: 'silu', mid_block_type: 'UNetMidBlock2D', time_embedding_type: 'positional' });
    expect(unet2dConfigFromDiffusers(JSON.parse(JSON.stringify(json)))).toEqual(given);
  });

  it('are written out where they are what diffusers takes', () => {
    const { num_class_embeds: _n, ...expected } = {
      add_attention: true,
      attn_norm_num_groups: null,
      center_input_sample: false,
      class_embed_type: null,
      downsample_padding: 1,
      downsample_type: 'conv',
      mid_block_scale_factor: 1,
      num_class_embeds: null,
      resnet_time_scale_shift: 'default',
      time_embedding_dim: null,
      upsample_type: 'conv',
    };
    expect(usual).toMatchObject(expected);
    expect(diffusersUnetConfig(parseUNet2DConfig(unlabelled))).toMatchObject({ num_class_embeds: null });
  });

  it('that diffusers does not have stay here, or become what it has', () => {
    const own = diffusersUnetConfig(parseUNet2DConfig({ ...config, zero_init: true, in_channels: 2, low_resolution: { factor: 2 }, num_attention_heads: 4 }));
    expect(Object.keys(own).sort()).toEqual(Object.keys(usual).sort());
    expect(own).toMatchObject({ attention_head_dim: 16, in_channels: 2 });
    const uneven = { ...config, down_block_types: ['AttnDownBlock2D', 'AttnDownBlock2D'], num_attention_heads: 4 };
    expect(() => diffusersUnetConfig(parseUNet2DConfig(uneven))).toThrow(
      expect.objectContaining({ code: 'unsupported', message: "diffusers' UNet2DModel has attention_head_dim, not num_attention_heads 4: here heads have 8 and 16 channels" }),
    );
    const middle = { ...config, down_block_types: ['DownBlock2D', 'DownBlock2D'], up_block_types: ['UpBlock2D', 'UpBlock2D'], num_attention_heads: 2 };
    expect(diffusersUnetConfig(parseUNet2DConfig(middle))['attention_head_dim']).toBe(32);
    expect(diffusersUnetConfig(parseUNet2DConfig({ ...middle, add_attention: false }))['attention_head_dim']).toBe(8);
    expect(() => diffusersUnetConfig(parseUNet2DConfig({ ...config, up_block_types: ['UpBlock2D', 'AttnUpBlock2D'], num_attention_heads: 4 }))).toThrow('16 and 8 channels');
  });

  it('that matter in training alone are read over', () => {
    expect(unet2dConfigFromDiffusers({ ...usual, dropout: 0.3, num_train_timesteps: 500 })).toEqual(config);
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
