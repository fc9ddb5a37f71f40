import type { DenoiserJobSpec } from '@langevin/contracts';
import { leafGradient } from '../nn/leaf-gradient.js';
import { unet2d } from '../nn/unet2d.js';
import { classifierFreeLabels } from '../train/classifier-free-labels.js';
import { denoisingLoss } from './denoising-loss.js';
import type { TrainingTask } from './training-task.js';

/**
 * Learning to denoise: the loss that the job names, of a U-Net, with labels dropped now and then for classifier-free guidance.
 * @throws LangevinError `invalid_spec` for a network or a schedule that cannot be built
 */
export function denoisingTask(spec: DenoiserJobSpec): TrainingTask {
  const { model: config, process, training } = spec;
  const model = unet2d(config, training);
  const lossOf = denoisingLoss(spec);
  const embeds = config.num_class_embeds;
  return {
    layout: model.layout,
    classes: embeds === undefined ? 1 : embeds - 1,
    batchLabels: (labels, dropUniforms) => (embeds === undefined ? undefined : classifierFreeLabels(labels, training.labelDropout, embeds - 1, dropUniforms)),
    leafGradient: (parameters, batch) => leafGradient(model, parameters, batch, process.prediction_type, lossOf),
  };
}
