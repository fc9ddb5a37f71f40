import * as tf from '@tensorflow/tfjs-core';
import type { DenoiserJobSpec } from '@langevin/contracts';
import { besideLowResolution, ddpmProcess, meanOutput, splitParameters, toDenoiser, unet2d } from '@langevin/diffusion-core';
import type { PlannedModel } from './sampling-plan.js';

/**
 * What a sampler needs of a denoiser with these weights; holds them as tensors until `dispose`.
 * @param parameters flat, in the order of the network's layout
 */
export function plannedModel(
  { model: config, process: processConfig }: Pick<DenoiserJobSpec, 'model' | 'process'>,
  parameters: Float32Array,
): { readonly model: PlannedModel; dispose(): void } {
  const network = unet2d(config);
  const weights = tf.tidy(() => splitParameters(tf.tensor1d(parameters), network.layout));
  const process = ddpmProcess(processConfig);
  return {
    model: {
      config,
      process,
      // The samplers know tensors of any rank; these began as images.
      denoise: (labels, lowResolution) =>
        toDenoiser((x, t) => meanOutput(config, network.apply(weights, besideLowResolution(config, x as tf.Tensor4D, lowResolution), t, labels)), process, processConfig.prediction_type),
    },
    dispose: () => tf.dispose(weights),
  };
}
