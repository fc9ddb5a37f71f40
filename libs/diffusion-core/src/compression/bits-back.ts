import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { levelValues } from '../likelihood/levels.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { AnsStack } from './ans-stack.js';
import { chainLevels, type ChainLevel, type ChainOptions } from './chain-levels.js';
import { LevelCode } from './level-code.js';

/** How data of levels are coded. */
export interface BitsBackOptions extends ChainOptions {
  /** π of the decoder, one number above 0 for each level (`levelPrior`): how frequent it is. */
  readonly prior: ArrayLike<number>;
}

/**
 * Bits-back coding along a diffusion chain (Kingma et al. 2021; bits back: Hinton & van Camp 1993, Townsend et al. 2019; level by level, so that few bits lie open at a time:
 * Kingma, F. et al. 2019, "Bit-Swap"). A batch takes, on average over its noise, what `elbo` says on the same grid with a `bayes` decoder of the same π.
 *
 * Decoding needs the numbers of the denoiser to the last bit: the same weights, batches, program and kind of processor.
 */
export class BitsBack {
  readonly #levels: readonly ChainLevel[];
  readonly #data: LevelCode;
  readonly #values: Float64Array;

  /** @throws LangevinError `invalid_argument` as `elbo` for the grid; for a π or a resolution that are none */
  constructor(
    private readonly denoiser: Denoiser,
    process: GaussianProcess,
    options: BitsBackOptions,
  ) {
    this.#levels = chainLevels(process, options);
    const { t } = this.#levels[0]!; // A chain has one level or more.
    this.#data = new LevelCode({ alpha: process.alpha(t), sigma: process.sigma(t) }, options.prior);
    this.#values = Float64Array.from(levelValues(options.prior.length));
  }

  /**
   * Pushes a batch.
   * @param data the level of each element, shape.reduce(×) of them
   * @param shape [B, …], as the denoiser takes it
   * @throws LangevinError `invalid_argument` for data of another size or a level that is none; `non_finite` where the denoiser gives no number
   */
  encode(stack: AnsStack, data: ArrayLike<number>, shape: readonly number[]): void {
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size) throw new LangevinError('invalid_argument', `${data.length} levels are no batch of the shape [${shape.join(', ')}]`);
    const clean = Float64Array.from(data, (level) => this.#valueOf(level));
    let lower = this.#levels[0]!;
    let z = new Int32Array();
    this.#levels.forEach((level, j) => {
      const below = z;
      z = popEach(size, (i) => level.forward.pop(stack, (level.forwardGain * (j === 0 ? clean[i]! : below[i]! * lower.step)) / level.step));
      if (j === 0) pushEach(size, (i) => this.#data.push(stack, data[i]!, z[i]! * level.step));
      else {
        const means = this.#means(lower, level, z, shape);
        pushEach(size, (i) => lower.reverse.push(stack, below[i]!, means[i]!));
      }
      lower = level;
    });
    pushEach(size, (i) => lower.reverse.push(stack, z[i]!, 0));
  }

  /**
   * Pops the batch on top.
   * @returns the level of each element
   * @throws LangevinError `non_finite` as `encode`
   */
  decode(stack: AnsStack, shape: readonly number[]): Uint16Array {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = new Uint16Array(size);
    const highest = this.#levels.at(-1)!; // A chain has one level or more.
    let z = popEach(size, () => highest.reverse.pop(stack, 0));
    for (let j = this.#levels.length - 1; j >= 0; j--) {
      const [level, lower, above] = [this.#levels[j]!, this.#levels[j - 1], z];
      if (lower === undefined) for (let i = 0; i < size; i++) data[i] = this.#data.pop(stack, z[i]! * level.step);
      else {
        const means = this.#means(lower, level, above, shape);
        z = popEach(size, (i) => lower.reverse.pop(stack, means[i]!));
      }
      pushEach(size, (i) => level.forward.push(stack, above[i]!, (level.forwardGain * (lower === undefined ? this.#values[data[i]!]! : z[i]! * lower.step)) / level.step));
    }
    return data;
  }

  #valueOf(level: number): number {
    const value = this.#values[level];
    if (value === undefined) throw new LangevinError('invalid_argument', `${level} is none of the levels 0 … ${this.#values.length - 1}`);
    return value;
  }

  /** The means of p of the lower level given the upper one, in steps of its lattice. */
  #means(lower: ChainLevel, upper: ChainLevel, z: Int32Array, shape: readonly number[]): Float64Array {
    const estimate = tf.tidy(() => {
      const x = tf.tensor(Float32Array.from(z, (k) => k * upper.step), [...shape]);
      return this.denoiser(x, tf.fill([shape[0]!], upper.t)).dataSync<'float32'>();
    });
    return Float64Array.from(z, (k, i) => (lower.gain * estimate[i]! + lower.keep * (k * upper.step)) / lower.step);
  }
}

function popEach(size: number, pop: (index: number) => number): Int32Array<ArrayBuffer> {
  const values = new Int32Array(size);
  for (let i = 0; i < size; i++) values[i] = pop(i);
  return values;
}

/** The last one first, so that popping gives the first one first. */
function pushEach(size: number, push: (index: number) => void): void {
  for (let i = size - 1; i >= 0; i--) push(i);
}
