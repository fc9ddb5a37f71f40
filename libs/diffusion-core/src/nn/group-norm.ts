import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels, type GroupNormKernelAttributes } from '@langevin/contracts';
import { isRecording, withGradient } from './custom-gradient.js';
import { fusedKernel } from './fused-kernel.js';
import { GroupAverages } from './group-averages.js';
import { siluSlope } from './silu.js';

/** What a group normalisation needs besides its input. */
export interface GroupNormArguments {
  /** γ, [C]. */
  readonly scale: tf.Tensor1D;
  /** β, [C]. */
  readonly offset: tf.Tensor1D;
  /** Divides C. */
  readonly groups: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Applies SiLU to the result. */
  readonly activate: boolean;
  /** [B, 1, 1, C]: the layer works on x + shift, without ever forming that sum. */
  readonly shift?: tf.Tensor4D;
  readonly averages: GroupAverages;
}

type GroupNormKernel = NonNullable<ReturnType<typeof fusedKernel<GroupNormKernelAttributes>>>;

/** Per sample and channel, each [B, 1, 1, C]. */
interface Statistics {
  /** Σ x over the pixels, without the shift. */
  readonly total: tf.Tensor4D;
  /** shift − mean of the group. */
  readonly center: tf.Tensor4D;
  /** 1 / √(variance of the group + ε). */
  readonly inverseDeviation: tf.Tensor4D;
  /** The layer is u = x·gain + bias. */
  readonly gain: tf.Tensor4D;
  readonly bias: tf.Tensor4D;
}

/** The tensors that the layer is a function of, in the order of the gradients. */
interface Inputs {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly shift: tf.Tensor4D | undefined;
}

/**
 * Group normalisation (Wu & He 2018) of x [B, H, W, C], optionally of x + shift and followed by SiLU, as one operation:
 * sums over pixels, means over groups by one small matmul, then one scale-and-shift. The variance is E[x²] − E[x]² in
 * float32: its relative error is about 1e-7 · (1 + mean²/variance). The gradient can be differentiated once more.
 */
export function groupNorm(x: tf.Tensor4D, layer: GroupNormArguments): tf.Tensor4D {
  const fused = fusedKernel<GroupNormKernelAttributes>(fusedKernels.groupNorm);
  const gradient = fusedKernel<GroupNormKernelAttributes>(fusedKernels.groupNormGrad);
  return fused && gradient ? inOnePass(x, layer, fused, gradient) : inPasses(x, layer);
}

/** The layer by the backend's own kernel for it. */
function inOnePass(x: tf.Tensor4D, { scale, offset, shift, ...layer }: GroupNormArguments, fused: GroupNormKernel, gradient: GroupNormKernel): tf.Tensor4D {
  const { groups, epsilon, activate } = layer;
  const [, height, width, channels] = x.shape;
  const inputs = shift === undefined ? [x, scale, offset] : [x, scale, offset, shift];
  const named = ([ofX, ofScale, ofOffset, ofShift]: readonly tf.Tensor[]) => ({ x: ofX!, scale: ofScale!, offset: ofOffset!, shift: ofShift ?? tf.scalar(0) });
  return withGradient<tf.Tensor4D>(
    inputs,
    (save) => {
      const [y, mean, inverseDeviation] = fused(named(inputs), { groups, epsilon, activate });
      save(...inputs, mean!, inverseDeviation!);
      return y as tf.Tensor4D;
    },
    (dy, saved) => {
      const given = saved.slice(0, inputs.length);
      if (isRecording()) {
        const pixels = height * width;
        const averages = new GroupAverages().matrix(channels, groups, pixels);
        const own = inputsOf(given, shift !== undefined);
        return gradients(dy, own, recomputed(own, averages, pixels, epsilon, activate), averages, pixels);
      }
      const [mean, inverseDeviation] = saved.slice(inputs.length);
      return gradient({ dy, ...named(given), mean: mean!, inverseDeviation: inverseDeviation! }, { groups, epsilon, activate }).slice(0, inputs.length);
    },
  );
}

/** The layer from TensorFlow.js's own operations. */
function inPasses(x: tf.Tensor4D, layer: GroupNormArguments): tf.Tensor4D {
  const { scale, offset, shift, activate, epsilon } = layer;
  const [, height, width, channels] = x.shape;
  const pixels = height * width;
  const averages = layer.averages.matrix(channels, layer.groups, pixels);
  const inputs = shift === undefined ? [x, scale, offset] : [x, scale, offset, shift];

  return withGradient<tf.Tensor4D>(
    inputs,
    (save) => {
      const s = statistics({ x, scale, offset, shift }, averages, pixels, epsilon);
      const u = affine(x, s);
      const kept = [averages, s.total, s.center, s.inverseDeviation, s.gain];
      if (!activate) {
        save(...inputs, ...kept);
        return u;
      }
      const sigmoid = tf.sigmoid(u);
      const y = tf.mul<tf.Tensor4D>(u, sigmoid);
      save(...inputs, ...kept, y, sigmoid);
      return y;
    },
    (dy, saved) => {
      const given = inputsOf(saved, shift !== undefined);
      const [means, ...kept] = saved.slice(inputs.length);
      const state = isRecording()
        ? recomputed(given, means as tf.Tensor2D, pixels, epsilon, activate)
        : restored(kept);
      return gradients(dy, given, state, means as tf.Tensor2D, pixels);
    },
  );
}

/** What the gradient works from: the statistics, and the slope of SiLU where there is one. */
interface BackwardState extends Omit<Statistics, 'bias'> {
  readonly slope: tf.Tensor4D | undefined;
}

// The casts below give tensors that tfjs hands back untyped the shapes that they had when they were saved.

function inputsOf(saved: readonly tf.Tensor[], hasShift: boolean): Inputs {
  const [x, scale, offset, shift] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D];
  return { x, scale, offset, shift: hasShift ? shift : undefined };
}

function restored(kept: readonly tf.Tensor[]): BackwardState {
  const [total, center, inverseDeviation, gain, y, sigmoid] = kept as tf.Tensor4D[];
  const slope = y && sigmoid ? siluSlope(y, sigmoid) : undefined;
  return { total: total!, center: center!, inverseDeviation: inverseDeviation!, gain: gain!, slope };
}

/** The same from the inputs, which a second differentiation can follow. */
function recomputed(inputs: Inputs, averages: tf.Tensor2D, pixels: number, epsilon: number, activate: boolean): BackwardState {
  const s = statistics(inputs, averages, pixels, epsilon);
  if (!activate) return { ...s, slope: undefined };
  const u = affine(inputs.x, s);
  const sigmoid = tf.sigmoid(u);
  return { ...s, slope: siluSlope(tf.mul(u, sigmoid), sigmoid) };
}

function statistics(inputs: Inputs, averages: tf.Tensor2D, pixels: number, epsilon: number): Statistics {
  const { x, scale, offset, shift } = inputs;
  const total = tf.sum<tf.Tensor4D>(x, [1, 2], true);
  const squares = tf.sum<tf.Tensor4D>(tf.square(x), [1, 2], true);
  // Σ(x+s) = Σx + n·s and Σ(x+s)² = Σx² + s·(Σx + Σ(x+s)).
  const shifted = shift === undefined ? total : tf.add<tf.Tensor4D>(total, tf.mul(shift, pixels));
  const shiftedSquares = shift === undefined ? squares : tf.add<tf.Tensor4D>(squares, tf.mul(shift, tf.add(total, shifted)));
  const mean = tf.matMul<tf.Tensor4D>(shifted, averages);
  const meanSquare = tf.matMul<tf.Tensor4D>(shiftedSquares, averages);
  // Rounding can leave a constant group with a variance just below zero.
  const variance = tf.relu(tf.sub(meanSquare, tf.square(mean)));
  const inverseDeviation = tf.rsqrt<tf.Tensor4D>(tf.add(variance, epsilon));
  const center = shift === undefined ? tf.neg(mean) : tf.sub<tf.Tensor4D>(shift, mean);
  const gain = tf.mul<tf.Tensor4D>(inverseDeviation, scale);
  return { total, center, inverseDeviation, gain, bias: tf.add(tf.mul(center, gain), offset) };
}

function affine(x: tf.Tensor4D, { gain, bias }: Statistics): tf.Tensor4D {
  return tf.add(tf.mul(x, gain), bias);
}

/** Gradients with respect to x, scale, offset and, if there is one, shift. */
function gradients(dy: tf.Tensor4D, inputs: Inputs, state: BackwardState, averages: tf.Tensor2D, pixels: number): tf.Tensor[] {
  const { x, shift } = inputs;
  const { total, center, inverseDeviation, gain, slope } = state;
  const du = slope === undefined ? dy : tf.mul<tf.Tensor4D>(dy, slope);
  const duTotal = tf.sum<tf.Tensor4D>(du, [1, 2], true);
  const duX = tf.sum<tf.Tensor4D>(tf.mul(du, x), [1, 2], true);
  // With r = 1/deviation, which is the same all over a group, and x̂ = (x + center)·r:
  // dx = gain·du − r·(mean(scale·Σdu) + x̂·mean(scale·Σdu·x̂)) = gain·du − (tilt·x + level)
  const duCentered = tf.add<tf.Tensor4D>(duX, tf.mul(center, duTotal));
  const gained = tf.mul<tf.Tensor4D>(gain, duTotal);
  const tilt = tf.mul<tf.Tensor4D>(tf.square(inverseDeviation), tf.matMul(tf.mul<tf.Tensor4D>(gain, duCentered), averages));
  const level = tf.add<tf.Tensor4D>(tf.matMul(gained, averages), tf.mul(tilt, center));
  const dx = tf.sub<tf.Tensor4D>(tf.mul(gain, du), tf.add(tf.mul(x, tilt), level));
  const dScale = tf.sum(tf.mul(inverseDeviation, duCentered), [0, 1, 2]);
  const dOffset = tf.sum(duTotal, [0, 1, 2]);
  if (shift === undefined) return [dx, dScale, dOffset];
  // Σ dx over the pixels, from the sums that are there already.
  const dShift = tf.sub(gained, tf.add(tf.mul(tilt, total), tf.mul(level, pixels)));
  return [dx, dScale, dOffset, dShift];
}
