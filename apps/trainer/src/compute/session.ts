import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { VectorArena } from '@langevin/collectives';
import { canonicalJson, LangevinError, type JobSpec, type NumericsClass } from '@langevin/contracts';
import {
  adamStep,
  ddpmProcess,
  emaDecay,
  emaStep,
  initParameters,
  leafGradient,
  splitParameters,
  unet2d,
  type AdamState,
} from '@langevin/diffusion-core';
import { canaryLeaf } from './canary.js';
import { deviceBatch, type NoiseLevels } from './device-batch.js';
import type { LeafBatch, StateFiles, SubtreeSum } from './protocol.js';
import { decodeState, encodeState, type TrainingVectors } from './state-files.js';
import { sumSubtree, type LeafSum } from './subtree-sum.js';

/** The training state of one job on the device: computes gradients, applies reduced ones. */
export interface ComputeSession {
  /** The whole numerics class: the machine's part, the job's part, and the digest of the canary's gradient. */
  readonly numerics: NumericsClass;
  /** How many parameters the network has. */
  readonly parameters: number;
  /** Gradient sums of the leaves of one subtree, added in tree order. */
  gradient(step: number, leaves: readonly LeafBatch[]): SubtreeSum;
  /** Applies the reduced gradient of a step: Adam, then the average of the weights. */
  apply(step: number, gradient: Uint8Array, learningRate: number): void;
  /** The state as the files of a checkpoint. */
  files(): StateFiles;
  /** Frees the state. */
  dispose(): void;
}

/**
 * Builds the model of a job and its state: from the files of a checkpoint, or the initial weights of the seed.
 * @param machine the machine's part of the numerics class
 * @param committed steps that the state has seen
 * @throws LangevinError `checkpoint_corrupt` when the files do not fit the model
 */
export function openSession(machine: NumericsClass, spec: JobSpec, committed: number, files: StateFiles | null): ComputeSession {
  const model = unet2d(spec.model);
  const { layout } = model;
  const arena = new VectorArena(layout.total);
  const levels = noiseLevels(spec);
  const initial = initParameters(layout, spec.seed);

  const leafSum = (parameters: readonly tf.Tensor[], step: number, leaf: LeafBatch): LeafSum => {
    const batch = deviceBatch(spec, levels, step, leaf);
    const { gradient, lossSum } = leafGradient(model, parameters, batch, spec.process.prediction_type);
    const sum = {
      gradient: gradient.dataSync<'float32'>(),
      lossSum: lossSum.dataSync<'float32'>()[0] ?? Number.NaN,
      weightSum: leaf.weights.reduce((total, weight) => total + weight, 0),
    };
    tf.dispose([gradient, lossSum, ...Object.values(batch)]);
    return sum;
  };

  const gradientDigest = (flat: Float32Array): string => {
    const pieces = tf.tidy(() => splitParameters(tf.tensor1d(flat), layout));
    const { gradient } = leafSum(pieces, 0, canaryLeaf(spec));
    tf.dispose(pieces);
    return createHash('sha256').update(gradient).digest('hex');
  };

  const numerics = { ...machine, ...jobNumerics(spec), canary: gradientDigest(initial) };
  let state = onDevice(files ? decodeState(files, layout) : fresh(initial), committed);
  let parameters = splitParameters(state.params, layout);

  return {
    numerics,
    parameters: layout.total,
    gradient: (step, leaves) =>
      sumSubtree(arena, leaves.length, (index) => {
        const leaf = leaves[index];
        if (!leaf) throw new LangevinError('internal', `leaf ${index} of ${leaves.length} is missing`);
        return leafSum(parameters, step, leaf);
      }),
    apply: (step, gradient, learningRate) => {
      if (step !== state.step + 1) throw new LangevinError('internal', `step ${step} cannot follow step ${state.step}`);
      const next = tf.tidy(() => {
        const adam = adamStep(state, tf.tensor1d(floatsOf(gradient)), learningRate, spec.training.adam);
        return { ...adam, ema: emaStep(state.ema, adam.params, emaDecay(step - 1, spec.training.ema)) };
      });
      tf.dispose([state.params, state.m, state.v, state.ema, ...parameters]);
      state = next;
      parameters = splitParameters(state.params, layout);
    },
    files: () => encodeState(toHost(state), layout),
    dispose: () => tf.dispose([state.params, state.m, state.v, state.ema, ...parameters]),
  };
}

interface DeviceState extends AdamState {
  readonly ema: tf.Tensor1D;
}

/** An average of nothing yet is a copy of the weights. */
function fresh(params: Float32Array): TrainingVectors {
  return { params, ema: params, m: new Float32Array(params.length), v: new Float32Array(params.length) };
}

function onDevice({ params, ema, m, v }: TrainingVectors, step: number): DeviceState {
  return { params: tf.tensor1d(params), ema: tf.tensor1d(ema), m: tf.tensor1d(m), v: tf.tensor1d(v), step };
}

function toHost({ params, ema, m, v }: DeviceState): TrainingVectors {
  return { params: params.dataSync<'float32'>(), ema: ema.dataSync<'float32'>(), m: m.dataSync<'float32'>(), v: v.dataSync<'float32'>() };
}

function noiseLevels(spec: JobSpec): NoiseLevels {
  const process = ddpmProcess(spec.process);
  const times = Array.from({ length: process.numTrainTimesteps }, (_, t) => t);
  return { alpha: Float32Array.from(times, process.alpha), sigma: Float32Array.from(times, process.sigma) };
}

/** What of a job its gradients depend on, besides the machine. */
function jobNumerics({ model, training }: JobSpec): NumericsClass {
  return {
    graph: createHash('sha256').update(canonicalJson(model)).digest('hex'),
    virtualWorkers: String(training.virtualWorkers),
    microBatch: String(training.microBatch),
    precision: 'float32',
    wire: 'float32',
  };
}

/** Pulled bytes may begin anywhere in their buffer; floats must begin at a multiple of four. */
function floatsOf(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
