import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import type { VectorArena } from '@langevin/collectives';
import { canonicalJson, LangevinError, type JobSpec, type Metrics, type NumericsClass } from '@langevin/contracts';
import { initParameters, splitParameters, trainingTask, type HeldOutImages, type TrainingTask } from '@langevin/diffusion-core';
import { canaryLeaf } from './canary.js';
import { deviceBatch, noiseLevels } from './device-batch.js';
import type { LeafBatch, StateFiles, SubtreeSum } from './protocol.js';
import { StagedLeaves, type StagedLeaf } from './staged-leaves.js';
import { decodeState, encodeState, untrainedVectors } from './state-files.js';
import { cutVectors, joinVectors } from './state-copy.js';
import { sumSubtree, type LeafSum } from './subtree-sum.js';
import { trainingProgram, type TrainingProgram } from './training-program.js';

/** The training state of one job on the device: computes gradients, applies reduced ones. */
export interface ComputeSession {
  /** The whole numerics class: the machine's part, the job's part, and the digest of the canary's gradient. */
  readonly numerics: NumericsClass;
  /** How many parameters the network has. */
  readonly parameters: number;
  /** Brings a leaf of a step to the device, with its noise: all that can be done before the weights of the step are known. */
  stage(step: number, leaf: LeafBatch): void;
  /**
   * Gradient sums of the leaves of one subtree, added in tree order. Each was staged, and is used up.
   * @param firstSlots of each leaf, where its samples begin in the global batch
   */
  gradient(step: number, firstSlots: readonly number[]): SubtreeSum;
  /** Applies the reduced gradient of a step, which lies in the arena: Adam, then the average of the weights. */
  apply(step: number, address: number, learningRate: number): void;
  /** Parameters, averaged weights, first and second moment, flat float32, one after the other. */
  copyState(): Uint8Array<ArrayBuffer>;
  /** Replaces the state by such a copy, made after `step` steps. @throws LangevinError `invalid_argument` when it has another size */
  loadState(step: number, state: Uint8Array): void;
  /** sha256 of such a copy. */
  digestState(): string;
  /** XXH64 of a gradient in the arena, hexadecimal. */
  digestGradient(address: number): string;
  /** The state as the files of a checkpoint. */
  files(): StateFiles;
  /** How good the averaged weights are on these images; nothing for a task that measures nothing. */
  measure(heldOut: HeldOutImages): Metrics;
  /** Frees the state. */
  dispose(): void;
}

/**
 * Builds the model of a job and its state: from the files of a checkpoint, or the initial weights of the seed.
 * @param machine the machine's part of the numerics class
 * @param arena where gradients lie; of as many elements as the network has parameters
 * @param committed steps that the state has seen
 * @param log receives one line when the steps cannot be compiled
 * @throws LangevinError `checkpoint_corrupt` when the files do not fit the model
 */
export function openSession(
  machine: NumericsClass,
  spec: JobSpec,
  committed: number,
  files: StateFiles | null,
  arena: VectorArena,
  log: (line: string) => void = () => undefined,
): ComputeSession {
  const task = trainingTask(spec);
  const { layout } = task;
  const levels = noiseLevels(spec.process);
  const initial = untrainedVectors(initParameters(layout, spec.seed));
  const vectors = files ? decodeState(files, layout) : initial;
  const program = trainingProgram(spec, task, log);
  let steps = committed;
  const staged = new StagedLeaves();

  const onDevice = (step: number, leaf: LeafBatch): StagedLeaf => ({ batch: deviceBatch(spec, task, levels, step, leaf), weightSum: leaf.weights.reduce((total, weight) => total + weight, 0) });

  program.write(initial);
  const canary = digestOf(layout.total, (gradient) => leafSums(program, [onDevice(0, canaryLeaf(spec, task.classes))], [gradient]));
  program.write(vectors);

  return {
    numerics: { ...machine, ...jobNumerics(spec, program.mode), canary },
    parameters: layout.total,
    stage: (step, leaf) => staged.put(step, leaf.firstSlot, onDevice(step, leaf)),
    gradient: (step, firstSlots) => {
      const leaves = firstSlots.map((slot) => staged.take(step, slot));
      return sumSubtree(arena, { count: leaves.length, atOnce: program.concurrency }, (first, gradients) => leafSums(program, leaves.slice(first, first + gradients.length), gradients));
    },
    apply: (step, address, learningRate) => {
      if (step !== steps + 1) throw new LangevinError('internal', `step ${step} cannot follow step ${steps}`);
      program.apply(step, arena.vectorAt(address).floats, learningRate);
      steps = step;
      staged.forget(step);
    },
    copyState: () => joinVectors(program.read()),
    loadState: (step, state) => {
      program.write(cutVectors(state, layout.total));
      steps = step;
      staged.forget(step);
    },
    digestState: () => createHash('sha256').update(joinVectors(program.read())).digest('hex'),
    digestGradient: (address) => BigInt.asUintN(64, arena.kernels.xxh64(address, 4 * arena.length)).toString(16),
    files: () => encodeState(program.read(), layout),
    measure: (heldOut) => measureAverage(task, program.read().ema, heldOut),
    dispose: () => {
      staged[Symbol.dispose]();
      program[Symbol.dispose]();
    },
  };
}

/** Computes leaves, each into its array, and frees them. */
function leafSums(program: TrainingProgram, leaves: readonly StagedLeaf[], gradients: readonly Float32Array[]): LeafSum[] {
  const losses = program.gradients(leaves.map(({ batch }, index) => ({ batch, gradient: gradients[index]! }))); // One for each leaf.
  tf.dispose(leaves.flatMap(({ batch }) => Object.values(batch)));
  return losses.map(({ lossSum }, index) => ({ lossSum, weightSum: leaves[index]!.weightSum })); // The same.
}

/** How good the averaged weights are on these images. */
function measureAverage(task: TrainingTask, ema: Float32Array, heldOut: HeldOutImages): Metrics {
  if (!task.measure) return {};
  const averaged = tf.tidy(() => splitParameters(tf.tensor1d(ema), task.layout));
  const metrics = task.measure(averaged, heldOut);
  tf.dispose(averaged);
  return metrics;
}

/** Digest of the gradient that `compute` writes. */
function digestOf(length: number, compute: (gradient: Float32Array) => unknown): string {
  const gradient = new Float32Array(length);
  compute(gradient);
  return createHash('sha256').update(gradient).digest('hex');
}

/**
 * Number of the arithmetic that is Langevin's own: noise, order of the samples, sums of gradients, Adam, averages. Whoever changes one bit of
 * what they give raises it: a run does not go on with another arithmetic than it began with.
 */
const arithmetic = '2';

/** What of a job its gradients depend on, besides the machine. */
function jobNumerics({ model, training }: JobSpec, mode: TrainingProgram['mode']): NumericsClass {
  return {
    graph: `${mode === 'graph' ? 'compiled' : 'eager'} ${createHash('sha256').update(canonicalJson(model)).digest('hex')}`,
    virtualWorkers: String(training.virtualWorkers),
    microBatch: String(training.microBatch),
    precision: training.precision === 'bf16' ? 'bfloat16' : 'float32',
    wire: 'float32',
    arithmetic,
    ...(training.gradientCheckpointing && { gradientCheckpointing: 'on' }),
    ...(training.xla && { xla: 'on' }),
  };
}
