import * as tf from '@tensorflow/tfjs-core';
import { samplerNames } from '@langevin/contracts';
import { ddpmProcess, mixtureDenoiser, PhiloxStream, timestepGrid } from '@langevin/diffusion-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { samplersByName } from './samplers-by-name.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const denoiser = mixtureDenoiser(process, [-0.5, 0.5].map((mean) => ({ weight: 0.5, mean: [mean, mean], variance: 0.04 })));
const normals = (step: number) => tf.tensor2d(new PhiloxStream({ seed: 2, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(8)), [4, 2]);

/** What a sampler draws in seven steps. */
function drawn(name: (typeof samplerNames)[number]): number[] {
  const start = normals(100);
  const steps = samplersByName[name](denoiser, process, timestepGrid(7, 'leading'), start, { noise: normals });
  let turn = steps.next();
  while (!turn.done) turn = steps.next();
  const values = [...turn.value.dataSync()];
  tf.dispose([start, turn.value]);
  return values;
}

describe('samplersByName', () => {
  beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

  it('knows every sampler from every other, and leaves nothing behind', () => {
    const before = tf.memory().numTensors;
    const all = samplerNames.map(drawn);
    expect(tf.memory().numTensors).toBe(before);
    const same = all.flatMap((values, i) => all.slice(0, i).flatMap((others, j) => (values.every((value, k) => Math.abs(value - others[k]!) < 1e-6) ? [`${samplerNames[j]} and ${samplerNames[i]}`] : [])));
    // Euler's ancestral step and DDPM's are one (Karras et al. 2022, appendix).
    expect(same).toEqual(['ddpm and euler-ancestral']);
  });
});
