import * as tf from '@tensorflow/tfjs-core';
import { initParameters, ncsn, ncsnDenoiser, splitParameters, veProcess } from '@langevin/diffusion-core';
import { compile, isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { CompiledDenoisers } from './compiled-denoisers.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

native('the score network of NCSN, compiled', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  const network = ncsn({ imageChannels: 1, channels: 4, levels: 3 });
  const flat = initParameters(network.layout, 5);
  const images = () => tf.randomNormal<tf.Rank.R4>([8, 6, 6, 1], 0, 1, 'float32', 7);
  const difference = (a: tf.Tensor, b: tf.Tensor) => tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]! / tf.max(tf.abs(b)).dataSync()[0]!);

  it('is the denoiser that runs operation by operation', () => {
    const parameters = splitParameters(tf.tensor1d(flat), network.layout);
    const denoiser = ncsnDenoiser(network, parameters, veProcess({ sigmaMin: 0.1, sigmaMax: 2 }), [1, 0.5, 0]);
    using compiled = new CompiledDenoisers(() => denoiser, [6, 6, 1]);
    const [x, t] = [images(), tf.tensor1d([0, 1, 0.5, 0, 1, 0.5, 0, 1])];
    expect(difference(compiled.denoiser(8, {}, Infinity)(x, t), denoiser(x, t))).toBeLessThan(1e-5);
  });

  it('has the gradient of the loss that runs operation by operation', () => {
    const loss = (vector: tf.Tensor, x: tf.Tensor4D, levels: tf.Tensor1D) => tf.mean<tf.Scalar>(tf.square(network.score(splitParameters(vector as tf.Tensor1D, network.layout), x, levels)));
    using program = compile(
      { slope: ({ x, levels }, { weights }) => ({ results: { slope: tf.grad((v) => loss(v, x as tf.Tensor4D, levels as tf.Tensor1D))(weights) } }) },
      { state: { weights: { shape: [network.layout.total] } }, inputs: { slope: { x: { shape: [8, 6, 6, 1] }, levels: { shape: [8], dtype: 'int32' } } } },
    );
    program.writeState({ weights: flat });
    const [x, levels] = [images(), tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], 'int32')];
    const { slope } = program.run.slope({ x, levels });
    expect(difference(slope, tf.grad((v) => loss(v, x, levels))(tf.tensor1d(flat)))).toBeLessThan(1e-4);
  });
});
