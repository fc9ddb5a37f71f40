import type * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { ParameterLayout } from './parameter-layout.js';

/** The parameter tensors of a network, by the name that diffusers gives them. */
export class Weights {
  readonly #tensors: ReadonlyMap<string, tf.Tensor>;
  readonly #prefix: string;

  private constructor(tensors: ReadonlyMap<string, tf.Tensor>, prefix: string) {
    this.#tensors = tensors;
    this.#prefix = prefix;
  }

  /**
   * Names the tensors of `layout`.
   * @throws LangevinError `invalid_argument` when their number differs
   */
  static of(layout: ParameterLayout, tensors: readonly tf.Tensor[]): Weights {
    if (tensors.length !== layout.entries.length) {
      throw new LangevinError('invalid_argument', `got ${tensors.length} parameter tensors, the layout has ${layout.entries.length}`);
    }
    return new Weights(new Map(layout.entries.map((entry, i) => [entry.name, tensors[i]!])), '');
  }

  /** The same weights, seen from the module `name`. */
  in(name: string): Weights {
    return new Weights(this.#tensors, `${this.#prefix}${name}.`);
  }

  /** The weights of some modules alone. */
  only(modules: readonly (string | undefined)[]): Weights {
    const prefixes = modules.flatMap((module) => (module === undefined ? [] : `${this.#prefix}${module}.`));
    return new Weights(new Map([...this.#tensors].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))), this.#prefix);
  }

  /** All tensors, in an order that stays. */
  get tensors(): tf.Tensor[] {
    return [...this.#tensors.values()];
  }

  /** Other tensors under these names, in the order of `tensors`. */
  holding(tensors: readonly tf.Tensor[]): Weights {
    return new Weights(new Map([...this.#tensors.keys()].map((name, i) => [name, tensors[i]!])), this.#prefix);
  }

  has(name: string): boolean {
    return this.#tensors.has(this.#prefix + name);
  }

  /** [C]. */
  vector(name: string): tf.Tensor1D {
    return this.#get(name, 1);
  }

  /** [in, out], or [classes, features] of an embedding. */
  matrix(name: string): tf.Tensor2D {
    return this.#get(name, 2);
  }

  /** Height, width, in, out. */
  filter(name: string): tf.Tensor4D {
    return this.#get(name, 4);
  }

  #get<T extends tf.Tensor>(name: string, rank: number): T {
    const tensor = this.#tensors.get(this.#prefix + name);
    if (tensor?.rank !== rank) {
      throw new LangevinError('internal', `${this.#prefix}${name}: expected a parameter of rank ${rank}, ${tensor ? `it has rank ${tensor.rank}` : 'there is none'}`);
    }
    return tensor as T; // The rank was checked, which is all that the types of tfjs distinguish.
  }
}
