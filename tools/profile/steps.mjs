import { initParameters, trainingTask } from '@langevin/diffusion-core';
import { isDenoiserJob, LangevinError } from '@langevin/contracts';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { canaryLeaf } from '../../apps/trainer/dist/compute/canary.js';
import { deviceBatch, noiseLevels } from '../../apps/trainer/dist/compute/device-batch.js';
import { untrainedVectors } from '../../apps/trainer/dist/compute/state-files.js';
import { trainingProgram } from '../../apps/trainer/dist/compute/training-program.js';
import { plannedModel } from '../../libs/client/dist/planned-model.js';
import { compileSampleOptions } from '../../libs/client/dist/sample-options.js';
import { samplingPlan } from '../../libs/client/dist/sampling-plan.js';

/** A trainer never goes on without graphs here: there would be nothing to measure. */
const refuse = (line) => {
  throw new LangevinError('unsupported', line);
};

/** By entry: compiles it for a job, from the initial weights of its seed, and gives what runs it once. */
export const steps = {
  gradient(spec) {
    const { program, task, initial } = freshTraining(spec);
    const batch = deviceBatch(spec, task, noiseLevels(spec.process), 0, canaryLeaf(spec, task.classes));
    const sum = new Float32Array(initial.length);
    return () => program.gradients([{ batch, gradient: sum }]);
  },
  apply(spec) {
    const { program, initial } = freshTraining(spec);
    const gradient = new PhiloxStream({ seed: spec.seed, purpose: 'noise', sample: 0 }).fillNormal(new Float32Array(initial.length));
    let done = 0;
    return () => program.apply((done += 1), gradient, spec.training.learningRate);
  },
  sample(spec, tf) {
    if (!isDenoiserJob(spec)) throw new LangevinError('invalid_argument', `${spec.name} trains a classifier, which draws no samples: --entry gradient or apply`);
    const parameters = initParameters(trainingTask(spec).layout, spec.seed);
    const count = spec.training.microBatch;
    const labels = spec.model.num_class_embeds && { labels: new Int32Array(count) };
    const options = compileSampleOptions({ count, batchSize: count, ...labels }, spec);
    const plan = samplingPlan(plannedModel(spec, parameters).model, options);
    const x = tf.randomNormal([count, ...plan.imageShape], 0, 1, 'float32', spec.seed);
    const batch = plan.batch(0, count);
    return () => batch.reverseStep(plan.grid[0], x, () => tf.zerosLike(x)).dispose();
  },
};

function freshTraining(spec) {
  const task = trainingTask(spec);
  const program = trainingProgram(spec, task, refuse);
  const initial = initParameters(task.layout, spec.seed);
  program.write(untrainedVectors(initial));
  return { program, task, initial };
}
