import type { ClassifierJobSpec } from '@langevin/contracts';
import { classifierGradient } from '../nn/classifier-gradient.js';
import { classifier2d } from '../nn/classifier2d.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { accuracyByNoise } from './accuracy-by-noise.js';
import type { TrainingTask } from './training-task.js';

/**
 * Learning to classify noisy images, for guidance: cross-entropy over all noise levels of the process.
 * @throws LangevinError `invalid_spec` for a network that cannot be built
 */
export function classifyingTask({ model: config, process: processConfig, training, seed }: ClassifierJobSpec): TrainingTask {
  const model = classifier2d(config, training);
  // As it will guide: in float32.
  const measured = classifier2d(config);
  const process = ddpmProcess(processConfig);
  return {
    layout: model.layout,
    classes: config.num_classes,
    batchLabels: (labels) => labels,
    leafGradient: (parameters, batch) => classifierGradient(model, parameters, batch),
    measure: (parameters, heldOut) => accuracyByNoise(measured, parameters, process, heldOut, seed),
  };
}
