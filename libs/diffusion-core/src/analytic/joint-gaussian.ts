import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { solveLinear } from '../samplers/solve-linear.js';

/** N(mean, covariance) of D numbers. */
export interface JointGaussian {
  readonly mean: readonly number[];
  /** D × D, symmetric, positive definite. */
  readonly covariance: readonly (readonly number[])[];
}

/** A linear measurement y = A·x₀ + N(0, variance·I). */
export interface LinearMeasurement {
  /** A, one row for each number of y. */
  readonly matrix: readonly (readonly number[])[];
  readonly y: readonly number[];
  /** Above 0, or 0 where no row of A depends on others. */
  readonly variance: number;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function checkJoint({ mean, covariance }: JointGaussian): void {
  const size = mean.length;
  if (size > 0 && covariance.length === size && covariance.every((row) => row.length === size)) return;
  throw new LangevinError('invalid_argument', `a mean of ${size} numbers needs a covariance of ${size} rows of as many, got ${covariance.length}`);
}

/**
 * p(x₀ | y) of Gaussian data and a linear measurement: the mean m + CAᵀ(ACAᵀ + τ²I)⁻¹(y − Am) and the covariance C − CAᵀ(ACAᵀ + τ²I)⁻¹AC (Bishop 2006,
 * eq. 2.113–2.117). In double precision.
 *
 * @throws LangevinError `invalid_argument` for sizes that do not fit
 */
export function linearPosterior(data: JointGaussian, { matrix, y, variance }: LinearMeasurement): JointGaussian {
  checkJoint(data);
  const { mean, covariance } = data;
  if (matrix.length !== y.length || !matrix.every((row) => row.length === mean.length)) {
    throw new LangevinError('invalid_argument', `a measurement of ${y.length} numbers of ${mean.length} needs a matrix of ${y.length} rows of ${mean.length}`);
  }
  const projected = matrix.map((row) => covariance.map((column) => dot(row, column))); // AC
  const innovation = projected.map((row, i) => matrix.map((other, j) => dot(row, other) + (i === j ? variance : 0))); // ACAᵀ + τ²I
  const gains = mean.map((_, d) => solveLinear(innovation, projected.map((row) => row[d]!))); // The rows of CAᵀ(…)⁻¹.
  const residual = y.map((value, i) => value - dot(matrix[i]!, mean));
  return {
    mean: mean.map((value, d) => value + dot(gains[d]!, residual)),
    covariance: covariance.map((row, d) => row.map((value, e) => value - dot(gains[d]!, projected.map((line) => line[e]!)))),
  };
}

/**
 * The exact denoiser of jointly Gaussian data, for x of any shape [B, …] with D elements a sample: m + αC(α²C + σ²I)⁻¹(x − αm). Differentiable in x.
 * @throws LangevinError `invalid_argument` for sizes that do not fit
 */
export function jointGaussianDenoiser(process: GaussianProcess, data: JointGaussian): Denoiser {
  checkJoint(data);
  const { mean, covariance } = data;
  /** The transpose of αC(α²C + σ²I)⁻¹: the rows of the solution of a symmetric system. */
  const gainAt = (t: number): number[][] => {
    const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
    const marginal = covariance.map((row, i) => row.map((value, j) => alpha * alpha * value + (i === j ? sigma * sigma : 0)));
    return transposed(covariance.map((row) => solveLinear(marginal, row.map((value) => alpha * value))));
  };
  return (x, t) =>
    tf.tidy(() => {
      const times = [...t.dataSync()];
      const distinct = [...new Set(times)];
      const gains = tf.gather(tf.tensor3d(distinct.map(gainAt)), tf.tensor1d(times.map((time) => distinct.indexOf(time)), 'int32'));
      const centre = tf.tensor2d([[...mean]]);
      const alphas = tf.tensor2d(times.map((time) => [process.alpha(time)]));
      const offset = tf.sub(tf.reshape(x, [times.length, mean.length]), tf.mul(alphas, centre));
      const moved = tf.reshape(tf.matMul(tf.expandDims(offset, 1), gains), [times.length, mean.length]);
      return tf.reshape(tf.add(centre, moved), x.shape);
    });
}

function transposed(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((_, i) => matrix.map((row) => row[i]!));
}
