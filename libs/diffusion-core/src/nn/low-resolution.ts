import * as tf from '@tensorflow/tfjs-core';
import { imageChannels, LangevinError, type UNet2DConfig } from '@langevin/contracts';

/**
 * Images at a `factor`-th of their height and width, each pixel the mean of factor² pixels: x [B, H, W, C], H and W divisible by `factor`. A new tensor; its
 * gradient is that of a mean.
 *
 * @throws LangevinError `invalid_argument` when `factor` does not divide both
 */
export function areaDownsampled(x: tf.Tensor4D, factor: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height % factor !== 0 || width % factor !== 0) throw new LangevinError('invalid_argument', `images of ${height}×${width} pixels have no means of ${factor}×${factor}: both must be divisible by ${factor}`);
  return tf.avgPool(x, factor, factor, 'valid');
}

/**
 * What a network for super-resolution sees: noisy images x [B, H, W, C] beside the coarse ones that they are to become, [B, H/factor, W/factor, C], brought to
 * their size bilinearly (Dhariwal & Nichol 2021, §4 and appendix D; Saharia et al. 2021, §2, where the interpolation is bicubic). [B, H, W, 2C], a new
 * tensor; of any other network x itself.
 *
 * @param coarse of a network without `low_resolution` none
 * @throws LangevinError `invalid_argument` when coarse images are missing, superfluous or of another shape
 */
export function besideLowResolution(config: UNet2DConfig, x: tf.Tensor4D, coarse: tf.Tensor4D | undefined): tf.Tensor4D {
  const { low_resolution: option } = config;
  if (option === undefined) {
    if (coarse !== undefined) throw new LangevinError('invalid_argument', 'images of low resolution were given, but the network is told of none (low_resolution is not set)');
    return x;
  }
  const [batch, height, width] = x.shape;
  const shape = [batch, height / option.factor, width / option.factor, imageChannels(config)];
  if (String(coarse?.shape) !== String(shape)) {
    throw new LangevinError('invalid_argument', `images of low resolution ${coarse ? `have shape [${coarse.shape}]` : 'are missing'}: the network is told of [${shape}], by a factor of ${option.factor}`);
  }
  return tf.tidy(() => tf.concat4d([x, tf.image.resizeBilinear(coarse!, [height, width], false, true)], 3)); // Its shape was checked.
}
