import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { Denoiser } from '../parameterizations/index.js';
import type { GaussianProcess } from '../processes/index.js';
import { conditionalInstanceNorm } from './conditional-instance-norm.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { convolutionParameters } from './layer-declarations.js';
import { ncsnForward, type NcsnConfig, type NcsnConvolution, type NcsnOperations } from './ncsn-structure.js';
import { parameterLayout, type ParameterDeclaration, type ParameterLayout } from './parameter-layout.js';
import { stretched } from './stretched.js';
import { Weights } from './weights.js';

/** A score network as a pure function of its parameters. */
export interface Ncsn {
  readonly config: NcsnConfig;
  readonly layout: ParameterLayout;
  /**
   * ∇ ln p_σ(x), [B, H, W, imageChannels]: a new tensor, nothing else is left behind.
   *
   * @param parameters tensors of `layout`, as `splitParameters` gives them
   * @param x [B, H, W, imageChannels], H and W even
   * @param levels [B] int32: which noise each image has, 0 … levels−1
   * @throws LangevinError `invalid_argument` when a shape does not fit
   */
  score(parameters: readonly tf.Tensor[], x: tf.Tensor4D, levels: tf.Tensor1D): tf.Tensor4D;
}

/** The noise conditional score network of Song & Ermon (2019), appendix A. */
export function ncsn(config: NcsnConfig): Ncsn {
  const layout = parameterLayout(declarations(config));
  return {
    config,
    layout,
    score(parameters, x, levels) {
      const [batch, height, width, channels] = x.shape;
      if (channels !== config.imageChannels || height % 2 !== 0 || width % 2 !== 0 || levels.shape[0] !== batch) {
        throw new LangevinError('invalid_argument', `ncsn: x has shape [${x.shape}] and there are ${levels.shape[0]} levels: needs an even height and width, ${config.imageChannels} channels and a level for each image`);
      }
      return tf.tidy(() => ncsnForward(onImages(Weights.of(layout, parameters), levels), config, x));
    },
  };
}

/**
 * E[x₀ | x_t] = x + σ²·score of a network that knows the noises of a VE process at `times`, for `annealedLangevin`; other times have the level of the nearest one.
 * @param parameters kept; they outlive the denoiser
 */
export function ncsnDenoiser(network: Ncsn, parameters: readonly tf.Tensor[], process: GaussianProcess, times: readonly number[]): Denoiser {
  const variances = times.map((t) => process.sigma(t) ** 2);
  return (x, t) =>
    tf.tidy(() => {
      const levels: tf.Tensor1D = tf.argMin(tf.abs(tf.sub(tf.reshape(t, [-1, 1]), tf.tensor2d([...times], [1, times.length]))), 1);
      const variance = tf.matMul(tf.cast(tf.oneHot(levels, times.length), 'float32') as tf.Tensor2D, tf.tensor2d(variances, [times.length, 1]));
      return tf.add(x, tf.mul(tf.reshape(variance, [-1, 1, 1, 1]), network.score(parameters, x as tf.Tensor4D, levels))); // Images.
    });
}

function onImages(weights: Weights, levels: tf.Tensor1D): NcsnOperations<tf.Tensor4D> {
  return {
    channelsOf: (x) => x.shape[3],
    convolve: (name, x, _, { dilation = 1, bias = true } = {}) => {
      const y = dilatedConvolution(x, weights.filter(`${name}.weight`), dilation);
      return bias ? tf.add(y, weights.vector(`${name}.bias`)) : y;
    },
    normalise: (name, x) =>
      conditionalInstanceNorm(x, levels, { scale: weights.matrix(`${name}.gamma`), offset: weights.matrix(`${name}.beta`), meanScale: weights.matrix(`${name}.alpha`) }),
    elu: (x) => tf.elu(x),
    add: (a, b) => tf.add(a, b),
    halve: (x) => tf.avgPool(x, 2, 2, 'valid'),
    pool: (x) => tf.avgPool(tf.pad(x, [[0, 0], [2, 2], [2, 2], [0, 0]]), 5, 1, 'valid'),
    resizeLike: (x, like) => stretched(x, like.shape[1], like.shape[2]),
  };
}

/** The same network on numbers of channels, which leaves its parameters. */
function declarations(config: NcsnConfig): ParameterDeclaration[] {
  const all: ParameterDeclaration[] = [];
  const operations: NcsnOperations<number> = {
    channelsOf: (channels) => channels,
    convolve(name, input, channels, { side = 3, bias = true }: NcsnConvolution = {}) {
      const [filter, offset] = convolutionParameters(name, side, input, channels);
      all.push(filter!, ...(bias ? [offset!] : []));
      return channels;
    },
    normalise(name, channels) {
      const shape = [config.levels, channels];
      all.push({ name: `${name}.gamma`, kind: 'gain', shape, fanIn: 1 }, { name: `${name}.beta`, kind: 'offset', shape, fanIn: 1 }, { name: `${name}.alpha`, kind: 'gain', shape, fanIn: 1 });
      return channels;
    },
    elu: (x) => x,
    add: (a) => a,
    halve: (x) => x,
    pool: (x) => x,
    resizeLike: (x) => x,
  };
  ncsnForward(operations, config, config.imageChannels);
  return all;
}
