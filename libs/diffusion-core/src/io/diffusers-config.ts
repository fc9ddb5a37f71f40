import { LangevinError, parseUNet2DConfig, type ProcessConfig, type UNet2DConfig } from '@langevin/contracts';
import { headChannels } from '../nn/encoder2d-structure.js';
import { unet2dStructure } from '../nn/unet2d-structure.js';
import { betaSchedule } from '../processes/beta-schedule.js';

/** The release of diffusers whose files these functions write. */
const diffusersVersion = '0.42.1';

/** The schedulers of diffusers that sample as Langevin's samplers do. */
export type DiffusersScheduler = 'DDPMScheduler' | 'DDIMScheduler';

/** A JSON object of a diffusers directory. */
export type DiffusersJson = Readonly<Record<string, unknown>>;

/** Options of `UNet2DModel` that Langevin builds in one way only, as diffusers writes that way. */
const fixedOptions: DiffusersJson = {
  act_fn: 'silu',
  mid_block_type: 'UNetMidBlock2D',
  time_embedding_type: 'positional',
};

/** Options that a configuration holds only where they are set, with what diffusers takes where they are not. */
const usualOptions: DiffusersJson = {
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

/** Options that change training alone, or nothing. */
const withoutMeaning = ['dropout', 'num_train_timesteps'];

/** What diffusers takes for an option that a file leaves out, where Langevin's own default differs. */
const diffusersDefaults: DiffusersJson = { in_channels: 3, out_channels: 3, layers_per_block: 2, norm_num_groups: 32 };

/**
 * `unet/config.json` of a diffusers directory. Every option that shapes the network is written out, also those that
 * Langevin fixes, so that a change of diffusers' defaults does not change the network.
 *
 * @throws LangevinError `unsupported` where a number of heads gives heads of different sizes, which `UNet2DModel` does not build
 */
export function diffusersUnetConfig(config: UNet2DConfig): DiffusersJson {
  const { type: _type, zero_init: _start, low_resolution: _data, num_attention_heads: _heads, ...options } = config;
  return {
    _class_name: 'UNet2DModel',
    _diffusers_version: diffusersVersion,
    ...usualOptions,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    attention_head_dim: attentionHeadDim(config),
    dropout: 0,
    ...fixedOptions,
  };
}

/** Channels of a head, the same at all levels with attention. */
function attentionHeadDim(config: UNet2DConfig): number | null {
  if (!config.num_attention_heads) return config.attention_head_dim;
  const { down, up, midAttention, midChannels } = unet2dStructure(config);
  const attending = [...[...down, ...up].filter(({ attention }) => attention).map(({ channels }) => channels), ...(midAttention ? [midChannels] : [])];
  const sizes = [...new Set(attending.map((channels) => headChannels(config, channels)))];
  if (sizes.length > 1) throw new LangevinError('unsupported', `diffusers' UNet2DModel has attention_head_dim, not num_attention_heads ${config.num_attention_heads}: here heads have ${sizes.join(' and ')} channels`);
  return sizes[0] ?? config.attention_head_dim;
}

/**
 * The network that a `unet/config.json` of diffusers describes.
 * @throws LangevinError `unsupported` naming each option whose value Langevin does not build; `invalid_spec` for a value that is wrong by itself
 */
export function unet2dConfigFromDiffusers(json: DiffusersJson): UNet2DConfig {
  const required: DiffusersJson = { _class_name: 'UNet2DModel', ...fixedOptions };
  const named = { _class_name: undefined, ...json };
  const unsupported = Object.entries(named).filter(([key, value]) => key in required && value !== required[key]);
  if (unsupported.length > 0) {
    const list = unsupported.map(([key, value]) => `${key} ${JSON.stringify(value)} (only ${JSON.stringify(required[key])})`);
    throw new LangevinError('unsupported', `unet/config.json: Langevin does not build ${list.join(', ')}`);
  }
  const given = Object.entries(json).filter(([key, value]) => !key.startsWith('_') && !(key in fixedOptions) && !withoutMeaning.includes(key) && !(key in usualOptions && value === null));
  return parseUNet2DConfig({ ...diffusersDefaults, ...Object.fromEntries(given) });
}

/**
 * `scheduler/scheduler_config.json` of a diffusers directory, for the forward process of a job. Samples are not clipped:
 * under classifier-free guidance that would distort them.
 */
export function diffusersSchedulerConfig({ log_snr_max, log_snr_min, rescale_betas_zero_snr: zeroSnr, ...process }: ProcessConfig, kind: DiffusersScheduler): DiffusersJson {
  // A schedule that the scheduler has no name for goes there as its β, which it rescales itself.
  const unknown = process.beta_schedule === 'linear_log_snr' || (process.beta_schedule === 'sigmoid' && kind === 'DDIMScheduler');
  const own = unknown && { beta_schedule: 'linear', trained_betas: [...betaSchedule({ ...process, log_snr_max, log_snr_min })] };
  return {
    _class_name: kind,
    _diffusers_version: diffusersVersion,
    ...process,
    trained_betas: null,
    ...own,
    clip_sample: false,
    thresholding: false,
    rescale_betas_zero_snr: zeroSnr === true,
    steps_offset: 0,
    timestep_spacing: 'leading',
    ...(kind === 'DDIMScheduler' ? { set_alpha_to_one: true } : { variance_type: 'fixed_small' }),
  };
}

/** `model_index.json` of a diffusers directory, for the pipeline that goes with the scheduler. */
export function diffusersModelIndex(kind: DiffusersScheduler): DiffusersJson {
  return {
    _class_name: kind === 'DDIMScheduler' ? 'DDIMPipeline' : 'DDPMPipeline',
    _diffusers_version: diffusersVersion,
    scheduler: ['diffusers', kind],
    unet: ['diffusers', 'UNet2DModel'],
  };
}
