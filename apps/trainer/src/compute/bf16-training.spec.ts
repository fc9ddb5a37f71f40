import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels, parseJobSpec, type JobSpec } from '@langevin/contracts';
import { initParameters, splitParameters, trainingTask } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { deviceBatch } from './device-batch.js';
import type { LeafBatch } from './protocol.js';
import { openArenaSession } from '../testing/arena-session.js';

// `npm run setup:tensorflow` makes the native runtime.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const blocks = { down_block_types: ['DownBlock2D', 'AttnDownBlock2D'], up_block_types: ['AttnUpBlock2D', 'UpBlock2D'] };
/** Convolutions with kernels of their own, in channels by the eight, and without. */
const denoiser = { sample_size: 8, block_out_channels: [12, 16], attention_head_dim: 4, norm_num_groups: 2, ...blocks };
const classifier = { type: 'classifier2d', sample_size: 8, block_out_channels: [8, 16], attention_head_dim: 8, norm_num_groups: 2, down_block_types: blocks.down_block_types, num_classes: 10 };

const jobOf = (model: object, training: object = {}): JobSpec =>
  parseJobSpec({
    name: 'rounded',
    seed: 3,
    dataset: { name: 'none' },
    model,
    training: { steps: 100, virtualWorkers: 1, microBatch: 4, precision: 'bf16', ...training },
    checkpoints: { everySteps: 100 },
  });

const images = new PhiloxStream({ seed: 1, purpose: 'augmentation' }).fillNormal(new Float32Array(4 * 64));
const leaf: LeafBatch = { images, labels: Int32Array.of(0, 3, 7, 9), weights: Float32Array.of(1, 1, 1, 1), firstSlot: 0 };
const levels = { alpha: new Float32Array(1000).fill(0.8), sigma: new Float32Array(1000).fill(0.6) };

const products = [tf.Conv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter, tf.FusedConv2D, tf.BatchMatMul, tf._FusedMatMul];
const ownProducts: string[] = [fusedKernels.conv2d, fusedKernels.conv2dInputGrad, fusedKernels.conv2dFilterGrad];

/** Whether all numbers are bfloat16: nothing in the lower half of their bits. */
function isBfloat16(values: Float32Array): boolean {
  return new Uint32Array(values.slice().buffer).every((bits) => bits % 0x1_0000 === 0);
}

/** Runs `compute` and tells of every product in it whether it multiplied rounded numbers alone. */
function watched(compute: () => void): { readonly kernel: string; readonly isRounded: boolean }[] {
  const seen: { kernel: string; isRounded: boolean }[] = [];
  const kernels = [...products, ...ownProducts].flatMap((name) => tf.getKernel(name, 'tensorflow') ?? []);
  for (const kernel of kernels) {
    tf.unregisterKernel(kernel.kernelName, 'tensorflow');
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const { inputs, backend, attrs } = call;
        // Every kernel that is watched has tensors as inputs, and this backend can read them.
        const read = (tensor: tf.TensorInfo) => (backend as { readSync(id: object): Float32Array }).readSync(tensor.dataId);
        const operands = Object.entries(inputs).flatMap(([name, tensor]) => (name === 'bias' || !tensor || Array.isArray(tensor) ? [] : [tensor]));
        const isRounded = ownProducts.includes(kernel.kernelName) ? attrs?.['rounded'] === true : operands.every((tensor) => isBfloat16(read(tensor)));
        seen.push({ kernel: kernel.kernelName, isRounded });
        return kernel.kernelFunc(call);
      },
    });
  }
  try {
    compute();
  } finally {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, 'tensorflow');
      tf.registerKernel(kernel);
    }
  }
  return seen;
}

function losses(spec: JobSpec, steps: number): number[] {
  const session = openArenaSession({}, spec, 0, null);
  const found = Array.from({ length: steps }, (_, index) => {
    const { gradient, lossSum } = session.gradient(index + 1, [leaf]);
    session.apply(index + 1, gradient, 1e-3);
    return lossSum / 4;
  });
  session.dispose();
  return found;
}

native('training in bf16', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it.each([
    ['a denoiser', denoiser, {}, 60],
    ['a denoiser that computes its blocks twice', denoiser, { gradientCheckpointing: true }, 80],
    ['a classifier', classifier, {}, 40],
  ])('multiplies nothing but bfloat16 numbers, forward and backward: %s', (_, model, training, atLeast) => {
    const spec = jobOf(model, training);
    const task = trainingTask(spec);
    const parameters = tf.tidy(() => splitParameters(tf.tensor1d(initParameters(task.layout, spec.seed)), task.layout));
    const batch = deviceBatch(spec, task, levels, 1, leaf);
    const seen = watched(() => tf.dispose(Object.values(task.leafGradient(parameters, batch))));
    tf.dispose([...parameters, ...Object.values(batch)]);
    expect(seen.filter(({ isRounded }) => !isRounded)).toEqual([]);
    expect(seen.length).toBeGreaterThan(atLeast);
    expect(new Set(seen.map(({ kernel }) => kernel))).toEqual(new Set([tf.Conv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter, tf.BatchMatMul, ...ownProducts]));
  }, 60_000);

  it('learns as float32 does: the losses of 30 steps are within 2 %, and not the same', () => {
    const [rounded, exact] = [losses(jobOf(denoiser), 30), losses(jobOf(denoiser, { precision: 'fp32' }), 30)] as [number[], number[]];
    expect(exact.at(-1)).toBeLessThan(0.7 * exact[0]!);
    const apart = rounded.map((loss, step) => Math.abs(loss / exact[step]! - 1));
    expect(Math.max(...apart)).toBeLessThan(0.02);
    expect(Math.min(...apart)).toBeGreaterThan(0);
  }, 60_000);

  it('is another numerics class', () => {
    const classes = [jobOf(denoiser), jobOf(denoiser, { precision: 'fp32' })].map((spec) => {
      const session = openArenaSession({}, spec, 0, null);
      session.dispose();
      return session.numerics;
    });
    expect(classes.map(({ precision }) => precision)).toEqual(['bfloat16', 'float32']);
    expect(classes[0]!['canary']).not.toBe(classes[1]!['canary']);
  }, 60_000);
});
