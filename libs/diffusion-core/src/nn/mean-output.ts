import type * as tf from '@tensorflow/tfjs-core';
import { imageChannels, type UNet2DConfig } from '@langevin/contracts';
import { splitLearnedVariance } from '../parameterizations/index.js';

/** What a network predicts, without the variance that it may have learned besides: of an output [B, H, W, C or 2C] the first C channels. */
export function meanOutput(config: UNet2DConfig, output: tf.Tensor4D): tf.Tensor4D {
  if (config.out_channels === imageChannels(config)) return output;
  return splitLearnedVariance(output).prediction as tf.Tensor4D; // Of the rank of the output.
}
