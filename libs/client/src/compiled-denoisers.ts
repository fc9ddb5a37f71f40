import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '@langevin/diffusion-core';
import { compile, computesOnGpu, type TensorSpecs } from '@langevin/tf-runtime';

/** What is known of each image of a batch, by name: [B, …] each. */
export type Conditions = Readonly<Record<string, tf.Tensor>>;

/** Makes the denoiser of a batch under these conditions, which outlive it. */
export type DenoiserOf = (conditions: Conditions) => Denoiser;

/** Steps after which the time that compiling takes has been won back. */
const worthwhileSteps = 20;

/** Images of one run on a processor: its threads compute as many runs at the same time. It depends on nothing, because what an image becomes depends on it. */
const imagesOfRun = 8;

/**
 * The denoisers of the batches of one call, guidance and gradients included. Batches run in parts of a few images; parts of one size share a
 * compiled graph, which holds a copy of the weights, until `dispose`. Few steps run operation by operation, and so do all where nothing can be compiled.
 */
export class CompiledDenoisers implements Disposable {
  readonly #denoiserOf: DenoiserOf;
  readonly #imageShape: readonly [number, number, number];
  readonly #programs = new Map<number, DenoiserProgram>();

  constructor(denoiserOf: DenoiserOf, imageShape: readonly [number, number, number]) {
    this.#denoiserOf = denoiserOf;
    this.#imageShape = imageShape;
  }

  /**
   * @param conditions of the same names, types and shapes in every call, but for the number of images
   * @param steps how often denoisers of this size are called in all
   */
  denoiser(count: number, conditions: Conditions, steps: number): Denoiser {
    if (steps < worthwhileSteps) return this.#denoiserOf(conditions);
    const size = tf.util.sizeFromShape([...this.#imageShape]);
    const values = Object.entries(conditions).map(([name, tensor]) => ({ name, all: tensor.dataSync<'float32' | 'int32'>().slice(), row: tensor.size / count }));
    const rows = (first: number, end: number) => Object.fromEntries(values.map(({ name, all, row }) => [name, all.subarray(first * row, end * row)]));
    const atOnce = computesOnGpu() ? count : imagesOfRun;
    const parts = Array.from({ length: Math.ceil(count / atOnce) }, (_, index) => ({ first: index * atOnce, end: Math.min(count, (index + 1) * atOnce) }));
    return (x, t) => {
      const [images, times] = [x.dataSync<'float32'>(), t.dataSync<'float32'>()];
      const x0 = new Float32Array(images.length);
      const calls = parts.map(({ first, end }) => ({
        inputs: { x: images.subarray(first * size, end * size), t: times.subarray(first, end), ...rows(first, end) },
        targets: { x0: x0.subarray(first * size, end * size) },
      }));
      const whole = calls.filter(({ inputs }) => inputs.t.length === atOnce);
      if (whole.length > 0) this.#program(atOnce, conditions).runAllInto.denoise(whole);
      for (const { inputs, targets } of calls.slice(whole.length)) this.#program(inputs.t.length, conditions).runInto.denoise(inputs, targets);
      return tf.tensor(x0, x.shape);
    };
  }

  #program(count: number, conditions: Conditions): DenoiserProgram {
    let program = this.#programs.get(count);
    if (program === undefined) {
      program = compileDenoiser(this.#denoiserOf, [count, ...this.#imageShape], conditions);
      this.#programs.set(count, program);
    }
    return program;
  }

  [Symbol.dispose](): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}

type DenoiserProgram = ReturnType<typeof compileDenoiser>;

function compileDenoiser(denoiserOf: DenoiserOf, shape: readonly [number, number, number, number], conditions: Conditions) {
  const [count] = shape;
  const specs = Object.fromEntries(Object.entries(conditions).map(([name, tensor]) => [name, { shape: [count, ...tensor.shape.slice(1)], dtype: tensor.dtype }])) as TensorSpecs; // Labels are int32, the rest float32.
  return compile(
    {
      denoise: ({ x, t, ...given }) => {
        // The inputs are x, t and the conditions of this call: their ranks are those of the declarations below.
        const x0 = denoiserOf(given as Conditions)(x!, t as tf.Tensor1D);
        return { results: { x0 } };
      },
    },
    { state: {}, inputs: { denoise: { x: { shape }, t: { shape: [count] }, ...specs } as TensorSpecs }, captured: 'constant' },
  );
}
