import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '@langevin/diffusion-core';
import { compile, type TensorSpecs } from '@langevin/tf-runtime';

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

/**
 * The denoisers of the batches of one call, guidance and gradients included. Those of one size share a compiled graph, which
 * holds a copy of the weights, until `dispose`. Few steps run operation by operation, and so do all where nothing can be compiled.
 */
export class CompiledDenoisers implements Disposable {
  readonly #denoiserOf: DenoiserOf;
  readonly #imageShape: readonly [number, number, number];
  readonly #programs = new Map<number, ReturnType<typeof compileDenoiser>>();

  constructor(denoiserOf: DenoiserOf, imageShape: readonly [number, number, number]) {
    this.#denoiserOf = denoiserOf;
    this.#imageShape = imageShape;
  }

  /** @param steps how often denoisers of this size are called in all */
  denoiser(count: number, labels: BatchLabels, steps: number): Denoiser {
    if (steps < worthwhileSteps) return this.#denoiserOf(labels);
    let program = this.#programs.get(count);
    if (program === undefined) {
      program = compileDenoiser(this.#denoiserOf, [count, ...this.#imageShape], labels);
      this.#programs.set(count, program);
    }
    const { denoise } = program.run;
    return (x, t) => denoise({ x, t, ...labels }).x0;
  }

  [Symbol.dispose](): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}

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
