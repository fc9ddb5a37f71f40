import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseJobSpec, type DenoiserJobSpec } from '@langevin/contracts';
import { hybridLoss, lossWeight, simpleLoss, vlbLoss } from '../losses/index.js';
import { batch } from '../nn/testing/tiny-batch.js';
import { noisyImages } from '../nn/leaf-batch.js';
import { trainingTarget } from '../parameterizations/index.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { denoisingLoss } from './denoising-loss.js';

const encoder = { sample_size: 4, block_out_channels: [4], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 4, norm_num_groups: 2 };
const jobOf = (training: object, channels = 1) =>
  parseJobSpec({
    name: 'any',
    dataset: { name: 'any' },
    model: { ...encoder, out_channels: channels },
    process: { prediction_type: 'v_prediction' },
    training: { steps: 1, ...training },
    checkpoints: { everySteps: 1 },
  }) as DenoiserJobSpec; // A U-Net's.
const process = ddpmProcess(jobOf({}).process);

/** What a network of so many channels may have said of a batch. */
function said(channels: number) {
  const { x, coefficients } = noisyImages(batch);
  const target = trainingTarget('v_prediction', batch.x0, batch.eps, coefficients);
  const shape = [...batch.x0.shape.slice(0, 3), channels] as [number, number, number, number];
  const output = tf.tensor4d(Array.from({ length: batch.x0.size * channels }, (_, i) => Math.sin(i)), shape);
  return { output, mean: tf.slice(output, [0, 0, 0, 0], batch.x0.shape), target, x0: batch.x0, x, coefficients, t: batch.t, weights: batch.weights };
}
const value = (scalar: tf.Scalar) => scalar.dataSync()[0]!;

describe('denoisingLoss', () => {
  it.each([1, 2])('is L_simple of the mean unless told, with %d channels', (channels) =>
    tf.tidy(() => {
      const inputs = said(channels);
      for (const training of [{}, { loss: 'simple' }]) expect(value(denoisingLoss(jobOf(training, channels))(inputs))).toBe(value(simpleLoss(inputs.mean, inputs.target, inputs.weights).lossSum));
    }),
  );

  it.each(['min_snr', 'truncated_snr', 'edm', 'likelihood'] as const)('weights each sample by its noise level: %s', (loss) =>
    tf.tidy(() => {
      const inputs = said(2);
      const levels = tf.tensor1d([...batch.t.dataSync()].map((t) => lossWeight(loss, 'v_prediction', process, t)));
      const expected = value(simpleLoss(inputs.mean, inputs.target, tf.mul(inputs.weights, levels)).lossSum);
      expect(value(denoisingLoss(jobOf({ loss }, 2))(inputs)) / expected).toBeCloseTo(1, 5);
      expect(Math.abs(expected / value(simpleLoss(inputs.mean, inputs.target, inputs.weights).lossSum) - 1)).toBeGreaterThan(0.01);
    }),
  );

  it('takes the γ of min-SNR', () =>
    tf.tidy(() => {
      const inputs = said(1);
      const levels = tf.tensor1d([...batch.t.dataSync()].map((t) => lossWeight('min_snr', 'v_prediction', process, t, { gamma: 0.3 })));
      const expected = value(simpleLoss(inputs.mean, inputs.target, tf.mul(inputs.weights, levels)).lossSum);
      expect(value(denoisingLoss(jobOf({ loss: 'min_snr', minSnrGamma: 0.3 }))(inputs)) / expected).toBeCloseTo(1, 5);
      expect(value(denoisingLoss(jobOf({ loss: 'min_snr' }))(inputs)) / expected).not.toBeCloseTo(1, 2);
    }));

  it('is the bound, or L_hybrid', () =>
    tf.tidy(() => {
      const [one, two] = [said(1), said(2)];
      expect(value(denoisingLoss(jobOf({ loss: 'vlb' }))(one))).toBe(value(vlbLoss(process, 'v_prediction', one).lossSum));
      expect(value(denoisingLoss(jobOf({ loss: 'vlb' }, 2))(two))).toBe(value(vlbLoss(process, 'v_prediction', two).lossSum));
      expect(value(denoisingLoss(jobOf({ loss: 'hybrid' }, 2))(two))).toBe(value(hybridLoss(process, 'v_prediction', two).lossSum));
    }));
});
