import { LangevinError } from '@langevin/contracts';
import type { DiffusersJson } from './diffusers-config.js';
import type { SafetensorsTensor } from './safetensors-format.js';

/**
 * Refuses a `model_index.json` of diffusers that is more, or other, than a U-Net and its scheduler.
 * @throws LangevinError `unsupported` naming each part that Langevin does not have
 */
export function checkDiffusersPipeline(index: DiffusersJson): void {
  const parts = Object.entries(index).filter(([name, value]) => !name.startsWith('_') && Array.isArray(value) && value[1] !== null);
  const strange = parts.filter(([name, value]) => name !== 'scheduler' && !(name === 'unet' && (value as unknown[])[1] === 'UNet2DModel'));
  if (strange.length > 0) {
    const list = strange.map(([name, value]) => `${name} (${String((value as unknown[])[1])})`).join(', ');
    throw new LangevinError('unsupported', `model_index.json: Langevin does not have ${list}; a pipeline may have unet (UNet2DModel) and scheduler`);
  }
  if (!parts.some(([name]) => name === 'unet')) throw new LangevinError('unsupported', 'model_index.json: there is no unet');
}

/** What the projections of attention were called until 2023; diffusers renames them when it loads them. */
const formerNames: readonly (readonly [RegExp, string])[] = [
  [/(attentions\.\d+)\.query\./, '$1.to_q.'],
  [/(attentions\.\d+)\.key\./, '$1.to_k.'],
  [/(attentions\.\d+)\.value\./, '$1.to_v.'],
  [/(attentions\.\d+)\.proj_attn\./, '$1.to_out.0.'],
];

/** Weights of diffusers under the names that they have today. */
export function todaysNames(tensors: readonly SafetensorsTensor[]): SafetensorsTensor[] {
  return tensors.map((tensor) => ({ ...tensor, name: formerNames.reduce((name, [former, today]) => name.replace(former, today), tensor.name) }));
}
