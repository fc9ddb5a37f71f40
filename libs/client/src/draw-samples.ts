import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { CompiledSampleOptions, SampleOptions } from './sample-options.js';
import type { Samples } from './samples.js';
import { samplingNoise } from './sampling-noise.js';
import type { SamplingPlan } from './sampling-plan.js';

/** Draws all images, batch by batch and step by step, and lets other work run in between. */
export async function drawSamples(
  plan: SamplingPlan,
  options: CompiledSampleOptions,
  { onProgress, signal }: Pick<SampleOptions, 'onProgress' | 'signal'>,
): Promise<Samples> {
  const { count, batchSize, labels } = options;
  const size = tf.util.sizeFromShape([...plan.imageShape]);
  const images = new Float32Array(count * size);
  const batches = Math.ceil(count / batchSize);
  for (let batch = 0; batch < batches; batch += 1) {
    const first = batch * batchSize;
    const report = (step: number) => {
      const finished = step === plan.grid.length ? Math.min(first + batchSize, count) : first;
      onProgress?.({ images: finished, totalImages: count, steps: batch * plan.grid.length + step, totalSteps: batches * plan.grid.length });
    };
    images.set(await drawBatch(plan, options, first, report, signal), first * size);
  }
  const bad = images.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new LangevinError('non_finite', `image ${Math.floor(bad / size)} holds a value that is not finite: the weights${guidanceUsed(options)} diverge`);
  }
  return { images, imageShape: plan.imageShape, ...(labels && { labels }) };
}

async function drawBatch(
  plan: SamplingPlan,
  options: CompiledSampleOptions,
  first: number,
  onStep: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const count = Math.min(options.batchSize, options.count - first);
  const noise = samplingNoise(options.seed, first, count, plan.imageShape);
  const start = tf.tidy(() => tf.mul(noise.start(), plan.priorDeviation));
  const sampler = plan.batch(first, count);
  const steps = sampler.steps(start, noise.step);
  try {
    let x: tf.Tensor = start;
    for (const [index] of plan.grid.entries()) {
      if (signal?.aborted) throw new LangevinError('cancelled', 'the sampling was cancelled', { cause: signal.reason });
      x = steps.next().value;
      onStep(index + 1);
      await setImmediate();
    }
    return await x.data<'float32'>();
  } finally {
    // Frees what the sampler holds, x of its last step included.
    steps.return(start);
    start.dispose();
    sampler.dispose();
  }
}

function guidanceUsed({ guidanceScale, classifier, classifierScale }: CompiledSampleOptions): string {
  return ` or a guidanceScale of ${guidanceScale}${classifier ? ` with a classifierScale of ${classifierScale}` : ''}`;
}
