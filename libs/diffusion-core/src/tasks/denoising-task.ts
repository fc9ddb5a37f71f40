import type { DenoiserJobSpec } from '@langevin/contracts';
import { leafGradient } from '../nn/leaf-gradient.js';
import { unet2d } from '../nn/unet2d.js';
import { classifierFreeLabels } from '../train/classifier-free-labels.js';
import type { TrainingTask } from './training-task.js';

/**
 * Learning to denoise: the simple loss of a U-Net, with labels dropped now and then for classifier-free guidance.
 * @throws LangevinError `invalid_spec` for a network that cannot be built
 */
export function denoisingTask({ model: config, process, training }: DenoiserJobSpec): TrainingTask {
  const model = unet2d(config, training);
  const embeds = config.num_class_embeds;
  return {
    layout: model.layout,
    classes: embeds === undefined ? 1 : embeds - 1,
    batchLabels: (labels, dropUniforms) => (embeds === undefined ? undefined : classifierFreeLabels(labels, training.labelDropout, embeds - 1, dropUniforms)),
    leafGradient: (parameters, batch) => leafGradient(model, parameters, batch, process.prediction_type),
  };
}
