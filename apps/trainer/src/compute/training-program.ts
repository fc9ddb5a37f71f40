import { jobImageChannels, type JobSpec } from '@langevin/contracts';
import { adamScalars, averagedAdamUpdate, emaDecay, splitParameters, type LeafBatch, type TrainingTask } from '@langevin/diffusion-core';
import { compile, type TensorSpecs } from '@langevin/tf-runtime';
import type { TrainingVectors } from './state-files.js';

/** A micro-batch, and where the sum of its gradients goes. */
export interface LeafGradient {
  readonly batch: LeafBatch;
  readonly gradient: Float32Array;
}

/** The training of one job as a compiled program: parameters, moments and averaged weights stay in it. */
export interface TrainingProgram extends Disposable {
  /** Whether steps run as graphs, or operation by operation where the backend has no graphs. */
  readonly mode: 'graph' | 'eager';
  /** How many micro-batches are computed at the same time. */
  readonly concurrency: number;
  /**
   * Σ gradient of each micro-batch at the current parameters, into its `gradient`, which may lie in WebAssembly's memory; gives each Σ loss. The batches stay.
   * @throws LangevinError `invalid_argument` when an array has another length than the parameters
   */
  gradients(leaves: readonly LeafGradient[]): { readonly lossSum: number }[];
  /**
   * Update t of Adam, counted from 1, then that of the average.
   * @throws LangevinError `invalid_argument` when the gradient has another length than the parameters
   */
  apply(t: number, gradient: Float32Array, learningRate: number): void;
  /** How many nodes of each operation an entry was compiled to; none where steps run operation by operation. */
  nodeCounts(entry: 'gradient' | 'apply'): Readonly<Record<string, number>>;
  /** Copies of the state. */
  read(): TrainingVectors;
  /** Replaces the whole state. */
  write(vectors: TrainingVectors): void;
}

/**
 * Compiles the two halves of a training step.
 * @param log receives one line when the backend has no graphs
 * @throws LangevinError `unsupported` when the job asks for XLA and the backend has no graphs
 */
export function trainingProgram(spec: JobSpec, task: TrainingTask, log: (line: string) => void): TrainingProgram {
  const vector = { shape: [task.layout.total] } as const;
  const scalar = { shape: [] } as const;
  const { adam, ema: average } = spec.training;
  const program = compile(
    {
      gradient: (batch, { params }) => {
        // The declared inputs are the fields of a batch; which rank a field has depends on the job alone.
        const { gradient, lossSum } = task.leafGradient(splitParameters(params, task.layout), batch as unknown as LeafBatch);
        return { results: { gradient, lossSum } };
      },
      apply: ({ gradient, ...scalars }, vectors) => ({ state: { ...averagedAdamUpdate(vectors, gradient, scalars, adam) } }),
    },
    {
      state: { params: vector, m: vector, v: vector, ema: vector },
      inputs: { gradient: batchSpecs(spec, task), apply: { gradient: vector, stepSize: scalar, rootCorrection: scalar, shrink: scalar, decay: scalar } },
      xla: spec.training.xla,
      log,
    },
  );
  const read = (name: 'params' | 'm' | 'v' | 'ema') => program.readState(name) as Float32Array; // All state is float32.
  return {
    mode: program.mode,
    concurrency: program.concurrency,
    gradients: (leaves) => {
      const calls = leaves.map(({ batch, gradient }) => ({ inputs: { ...batch }, targets: { gradient, lossSum: one(Number.NaN) } }));
      program.runAllInto.gradient(calls);
      return calls.map(({ targets: { lossSum } }) => ({ lossSum: lossSum[0] ?? Number.NaN }));
    },
    nodeCounts: (entry) => program.nodeCounts(entry),
    apply: (t, gradient, learningRate) => {
      const { stepSize, rootCorrection, shrink } = adamScalars(t, learningRate, adam);
      const decay = emaDecay(t - 1, average);
      program.run.apply({ gradient, stepSize: one(stepSize), rootCorrection: one(rootCorrection), shrink: one(shrink), decay: one(decay) });
    },
    read: () => ({ params: read('params'), ema: read('ema'), m: read('m'), v: read('v') }),
    write: ({ params, ema, m, v }) => program.writeState({ params, ema, m, v }),
    [Symbol.dispose]: () => program.dispose(),
  };
}

/** Shapes and types of the tensors of a micro-batch. */
function batchSpecs(spec: JobSpec, task: TrainingTask): TensorSpecs {
  const { model, training } = spec;
  const images = { shape: [training.microBatch, model.sample_size, model.sample_size, jobImageChannels(spec)] };
  const perSample = { shape: [training.microBatch] };
  const specs = { x0: images, eps: images, t: perSample, alpha: perSample, sigma: perSample, weights: perSample };
  const hasLabels = task.batchLabels(new Int32Array(1), [0]) !== undefined;
  return hasLabels ? { ...specs, labels: { ...perSample, dtype: 'int32' } } : specs;
}

function one(value: number): Float32Array {
  return Float32Array.of(value);
}
