import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '@langevin/diffusion-core';
import { compile, computesOnGpu, type TensorSpecs } from '@langevin/tf-runtime';

/** The labels of a batch, [B] int32 each. */
export interface BatchLabels {
  /** What the network is told. */
  readonly told?: tf.Tensor1D;
  /** What a classifier guides to. */
  readonly wanted?: tf.Tensor1D;
}

/** Makes the denoiser of a batch with these labels, which outlive it. */
export type DenoiserOf = (labels: BatchLabels) => Denoiser;

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

  /** @param steps how often denoisers of this size are called in all */
  denoiser(count: number, labels: BatchLabels, steps: number): Denoiser {
    if (steps < worthwhileSteps) return this.#denoiserOf(labels);
    const size = tf.util.sizeFromShape([...this.#imageShape]);
    const labelValues = Object.entries(labels).map(([name, tensor]: [string, tf.Tensor1D]) => [name, tensor.dataSync<'int32'>().slice()] as const);
    const atOnce = computesOnGpu() ? count : imagesOfRun;
    const parts = Array.from({ length: Math.ceil(count / atOnce) }, (_, index) => ({ first: index * atOnce, end: Math.min(count, (index + 1) * atOnce) }));
    return (x, t) => {
      const [images, times] = [x.dataSync<'float32'>(), t.dataSync<'float32'>()];
      const x0 = new Float32Array(images.length);
      const calls = parts.map(({ first, end }) => ({
        inputs: { x: images.subarray(first * size, end * size), t: times.subarray(first, end), ...Object.fromEntries(labelValues.map(([name, values]) => [name, values.subarray(first, end)])) },
        targets: { x0: x0.subarray(first * size, end * size) },
      }));
      const whole = calls.filter(({ inputs }) => inputs.t.length === atOnce);
      if (whole.length > 0) this.#program(atOnce, labels).runAllInto.denoise(whole);
      for (const { inputs, targets } of calls.slice(whole.length)) this.#program(inputs.t.length, labels).runInto.denoise(inputs, targets);
      return tf.tensor(x0, x.shape);
    };
  }

  #program(count: number, labels: BatchLabels): DenoiserProgram {
    let program = this.#programs.get(count);
    if (program === undefined) {
      program = compileDenoiser(this.#denoiserOf, [count, ...this.#imageShape], labels);
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

function compileDenoiser(denoiserOf: DenoiserOf, shape: readonly [number, number, number, number], labels: BatchLabels) {
  const [count] = shape;
  const labelSpecs = Object.fromEntries(Object.keys(labels).map((name) => [name, { shape: [count], dtype: 'int32' }])) as TensorSpecs; // int32 is an element type.
  return compile(
    {
      denoise: ({ x, t, ...batchLabels }) => {
        // The inputs are x, t and the labels that this call has: their ranks are those of the declarations below.
        const x0 = denoiserOf(batchLabels as BatchLabels)(x!, t as tf.Tensor1D);
        return { results: { x0 } };
      },
    },
    { state: {}, inputs: { denoise: { x: { shape }, t: { shape: [count] }, ...labelSpecs } as TensorSpecs }, captured: 'constant' },
  );
}
