import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { normalTensor } from '../nn/testing/directional-derivative.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { ddimStep } from './ddim-step.js';
import { ddim } from './ddim.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', beta_start: 1e-4, beta_end: 0.02 });

describe('ddimStep', () => {
  it('takes each sample from its own time to its own, as ddim takes all of them', () => {
    const x = normalTensor<tf.Rank.R4>([4, 2, 2, 1], 91);
    const x0 = normalTensor<tf.Rank.R4>([4, 2, 2, 1], 92);
    const [from, to] = [[999, 500, 20, 0], [975, 0, 10, -1]];
    const before = tf.memory().numTensors;
    const [t, tPrev] = [tf.tensor1d(from, 'int32'), tf.tensor1d(to, 'int32')];
    const stepped = ddimStep(process, x, x0, t, tPrev);
    expect(tf.memory().numTensors).toBe(before + 3);
    from.forEach((time, i) => {
      const own = (tensor: tf.Tensor4D) => tf.slice(tensor, [i, 0, 0, 0], [1, 2, 2, 1]);
      const expected = ddim(() => own(x0), process, [{ t: time, tPrev: to[i]! }], own(x));
      expect(Number(tf.max(tf.abs(tf.sub(own(stepped), expected))).dataSync()[0])).toBeLessThan(2e-6);
    });
  });

  it('ends at the clean image', () => {
    const x0 = normalTensor<tf.Rank.R2>([1, 5], 93);
    const end = ddimStep(process, normalTensor<tf.Rank.R2>([1, 5], 94), x0, tf.tensor1d([400], 'int32'), tf.tensor1d([-1], 'int32'));
    expect(end.dataSync()).toEqual(x0.dataSync());
  });
});
