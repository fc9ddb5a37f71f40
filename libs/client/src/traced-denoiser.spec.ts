import * as tf from '@tensorflow/tfjs-core';
import { tracedDenoiser } from '@langevin/diffusion-core';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { diffusionModel } from './diffusion-model.js';
import { plannedModel } from './planned-model.js';
import { tinyCheckpoint } from './testing/tiny-checkpoint.js';
import { tracedModelDenoiser } from './traced-denoiser.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

native('tracedModelDenoiser', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it('is what the model says and the trace along the probe, as operation by operation, and keeps nothing', () => {
    const before = tf.memory().numTensors;
    const model = diffusionModel(tinyCheckpoint());
    const [x, probe, t] = [tf.randomNormal([3, 4, 4, 1], 0, 1, 'float32', 7), tf.tidy(() => tf.sign(tf.randomNormal([3, 4, 4, 1], 0, 1, 'float32', 8))), tf.tensor1d([3, 93, 183])];
    {
      using traced = tracedModelDenoiser(model, { labels: [2, 0, 1], probe });
      const planned = plannedModel(tinyCheckpoint().spec, tinyCheckpoint().parameters);
      const labels = tf.tensor1d([2, 0, 1], 'int32');
      const [compiled, eager] = [traced.denoise(x, t), tracedDenoiser(planned.model.denoise(labels), probe)(x, t)];
      for (const name of ['x0', 'trace'] as const) {
        const [a, b] = [compiled[name].dataSync(), eager[name].dataSync()];
        const scale = Math.max(...b.map(Math.abs));
        expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale).toBeLessThan(1e-4);
      }
      expect(compiled.trace.shape).toEqual([3]);
      tf.dispose([labels, ...Object.values(compiled), ...Object.values(eager)]);
      planned.dispose();
    }
    model.dispose();
    tf.dispose([x, probe, t]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
