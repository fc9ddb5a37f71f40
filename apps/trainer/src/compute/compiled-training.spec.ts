import * as tf from '@tensorflow/tfjs-core';
import { parseJobSpec } from '@langevin/contracts';
import { adamStep, emaDecay, emaStep, initParameters, splitParameters, trainingTask } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { deviceBatch } from './device-batch.js';
import type { LeafBatch } from './protocol.js';
import { openArenaSession } from '../testing/arena-session.js';
import { untrainedVectors } from './state-files.js';
import { trainingProgram } from './training-program.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const jobOf = (model: object) =>
  parseJobSpec({
    name: 'compiled',
    seed: 3,
    dataset: { name: 'none' },
    model: { down_block_types: ['DownBlock2D', 'DownBlock2D', 'AttnDownBlock2D'], up_block_types: ['AttnUpBlock2D', 'UpBlock2D', 'UpBlock2D'], layers_per_block: 1, num_class_embeds: 11, ...model },
    process: { prediction_type: 'v_prediction' },
    training: { steps: 8, virtualWorkers: 2, microBatch: 2, labelDropout: 0.2, adam: { weightDecay: 0.01 }, ema: { maxDecay: 0.9 } },
    checkpoints: { everySteps: 8 },
  });
/** The digits' network. */
const digits = jobOf({ sample_size: 28, block_out_channels: [32, 64, 64], attention_head_dim: 32, norm_num_groups: 8 });
/** A small one. */
const small = jobOf({ sample_size: 8, block_out_channels: [4, 4, 8], attention_head_dim: 4, norm_num_groups: 2 });
/** One that XLA compiles in seconds. */
const tiny = jobOf({ sample_size: 4, block_out_channels: [4], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 4, norm_num_groups: 2 });
const normal = (sample: number, length: number) => new PhiloxStream({ seed: 8, purpose: 'noise', sample }).fillNormal(new Float32Array(length));
const leafOf = (pixels: number): LeafBatch => ({ images: normal(0, 2 * pixels), labels: Int32Array.of(3, 7), weights: Float32Array.of(1, 1), firstSlot: 0 });
const levels = { alpha: new Float32Array(1000).fill(0.8), sigma: new Float32Array(1000).fill(0.6) };

/** Nothing is to be said: the steps are compiled. */
const refuse = (line: string): never => {
  throw new Error(line);
};

/** Largest difference between two vectors, as a part of the largest number in `expected`. */
function relativeDifference(actual: ArrayLike<number>, expected: Float32Array): number {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - (actual[i] ?? Number.NaN))), 0) / largest;
}

native('a compiled training step', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it('has the gradient of the step that runs operation by operation', () => {
    const task = trainingTask(digits);
    const initial = initParameters(task.layout, digits.seed);
    using program = trainingProgram(digits, task, refuse);
    expect(program.mode).toBe('graph');
    program.write(untrainedVectors(initial));
    const batch = deviceBatch(digits, task, levels, 1, leafOf(28 * 28));
    const gradient = new Float32Array(initial.length);
    const [sum] = program.gradients([{ batch, gradient }]);
    const parameters = tf.tidy(() => splitParameters(tf.tensor1d(initial), task.layout));
    const eager = task.leafGradient(parameters, batch);
    expect(relativeDifference(gradient, eager.gradient.dataSync<'float32'>())).toBeLessThan(1e-5);
    expect(sum?.lossSum).toBeCloseTo(eager.lossSum.dataSync()[0]!, 4);
    tf.dispose([...parameters, ...Object.values(batch), eager.gradient, eager.lossSum]);
  }, 60_000);

  it.each([
    ['the blocks of ADM', small, {}],
    ['the blocks of ADM, each computed twice', small, { gradientCheckpointing: true }],
    ['the blocks of ADM, rounded to bfloat16', small, { precision: 'bf16' }],
    ['errors weighted by noise level', small, { loss: 'min_snr' }],
    ['the bound', small, { loss: 'vlb' }],
    ['a learned variance', small, { loss: 'hybrid' }, { out_channels: 2 }],
    ['a coarse image beside the noisy one, and a learned variance', small, {}, { in_channels: 2, out_channels: 2, low_resolution: { factor: 4 } }],
  ] as [string, typeof small, object, object?][])('has the gradient of the step that runs operation by operation: %s', (_, { model, ...spec }, training, more = {}) => {
    const adm = { resnet_time_scale_shift: 'scale_shift', downsample_type: 'resnet', upsample_type: 'resnet', num_attention_heads: 2, zero_init: true };
    const types = { down_block_types: ['ResnetDownsampleBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D'], up_block_types: ['AttnUpBlock2D', 'AttnUpBlock2D', 'UpBlock2D'] };
    const job = parseJobSpec({ ...spec, training: { ...spec.training, ...training }, model: { ...model, ...adm, ...types, ...more } });
    const task = trainingTask(job);
    const initial = initParameters(task.layout, job.seed).map((value, i) => value + 0.1 * Math.sin(i));
    using program = trainingProgram(job, task, refuse);
    expect(program.mode).toBe('graph');
    program.write(untrainedVectors(initial));
    const batch = deviceBatch(job, task, levels, 1, leafOf(8 * 8));
    const gradient = new Float32Array(initial.length);
    const [sum] = program.gradients([{ batch, gradient }]);
    const parameters = tf.tidy(() => splitParameters(tf.tensor1d(initial), task.layout));
    const eager = task.leafGradient(parameters, batch);
    expect(relativeDifference(gradient, eager.gradient.dataSync<'float32'>())).toBeLessThan('precision' in training ? 5e-2 : 1e-5);
    expect(Math.abs(sum!.lossSum / eager.lossSum.dataSync()[0]! - 1)).toBeLessThan(1e-4);
    tf.dispose([...parameters, ...Object.values(batch), eager.gradient, eager.lossSum]);
  }, 60_000);

  it('applies Adam and the average as they run operation by operation', () => {
    const task = trainingTask(small);
    const initial = initParameters(task.layout, small.seed);
    using program = trainingProgram(small, task, refuse);
    program.write(untrainedVectors(initial));
    tf.tidy(() => {
      let state = { params: tf.tensor1d(initial), m: tf.zeros<tf.Rank.R1>([initial.length]), v: tf.zeros<tf.Rank.R1>([initial.length]), step: 0 };
      let ema = state.params;
      for (let t = 1; t <= 3; t++) {
        const gradient = normal(t, initial.length);
        program.apply(t, gradient, 1e-3 * t);
        state = adamStep(state, tf.tensor1d(gradient), 1e-3 * t, small.training.adam);
        ema = emaStep(ema, state.params, emaDecay(t - 1, small.training.ema));
      }
      const compiled = program.read();
      for (const [name, vector] of Object.entries({ params: state.params, m: state.m, v: state.v, ema })) {
        expect([name, relativeDifference(compiled[name as keyof typeof compiled], vector.dataSync<'float32'>()) < 1e-6]).toEqual([name, true]);
      }
    });
  }, 60_000);

  it('computes blocks twice where the job says so: the same gradient up to rounding, in another numerics class', () => {
    const frugal = parseJobSpec({ ...small, training: { ...small.training, gradientCheckpointing: true } });
    const [plain, checkpointed] = [small, frugal].map((spec) => {
      const session = openArenaSession({}, spec, 0, null, refuse);
      const { gradient, lossSum } = session.gradient(1, [leafOf(8 * 8)]);
      session.dispose();
      return { gradient: gradient, lossSum, numerics: session.numerics };
    });
    expect(checkpointed!.lossSum).toBe(plain!.lossSum);
    expect(relativeDifference(checkpointed!.gradient, plain!.gradient)).toBeLessThan(1e-6);
    expect([plain, checkpointed].map((end) => end!.numerics['gradientCheckpointing'])).toEqual([undefined, 'on']);
  }, 60_000);

  it('is compiled by XLA where the job says so: the same gradient up to rounding, in another numerics class', () => {
    const fused = parseJobSpec({ ...tiny, training: { ...tiny.training, xla: true } });
    const [plain, compiled] = [tiny, fused].map((spec) => {
      const session = openArenaSession({}, spec, 0, null, refuse);
      const { gradient } = session.gradient(1, [leafOf(4 * 4)]);
      const { numerics } = session;
      session.dispose();
      return { gradient: gradient, numerics };
    });
    expect(relativeDifference(compiled!.gradient, plain!.gradient)).toBeLessThan(1e-5);
    expect(compiled!.gradient).not.toEqual(plain!.gradient);
    expect([plain, compiled].map((end) => end!.numerics['xla'])).toEqual([undefined, 'on']);
  }, 120_000);

  it('goes on bit for bit after a checkpoint, and leaves nothing behind', () => {
    const tensors = tf.memory().numTensors;
    const leaf = leafOf(8 * 8);
    const session = openArenaSession({}, small, 0, null, refuse);
    expect(session.numerics['graph']).toMatch(/^compiled [0-9a-f]{64}$/);
    session.apply(1, session.gradient(1, [leaf, { ...leaf, firstSlot: 2 }]).gradient, 1e-3);
    const checkpoint = session.files();
    const gradient = session.gradient(2, [leaf]);
    session.apply(2, gradient.gradient, 1e-3);
    const files = session.files();
    const { numerics } = session;
    session.dispose();

    const resumed = openArenaSession({}, small, 1, checkpoint, refuse);
    expect(resumed.numerics).toEqual(numerics);
    expect(resumed.gradient(2, [leaf])).toEqual(gradient);
    resumed.apply(2, gradient.gradient, 1e-3);
    expect(resumed.files()).toEqual(files);
    expect(files.weights).not.toEqual(checkpoint.weights);
    resumed.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  }, 60_000);
});
