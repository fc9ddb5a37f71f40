import * as tf from '@tensorflow/tfjs-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';

/** A small convolutional classifier: its weights, and how it reads a batch. */
export interface ConvolutionalNetwork {
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  /** In the order in which they were drawn; owned by the network. */
  readonly weights: readonly tf.Variable[];
  /** The hidden layer, [B, 64], of images [B, height, width, channels]. A new tensor, owned by the caller. */
  features(images: tf.Tensor4D): tf.Tensor2D;
  /** Logits [B, classes] of images [B, height, width, channels]. A new tensor, owned by the caller. */
  logits(images: tf.Tensor4D): tf.Tensor2D;
  /** Frees the weights; the network is of no use afterwards. */
  dispose(): void;
}

const CONVOLUTIONS = [
  { taps: 5, channels: 16 },
  { taps: 3, channels: 32 },
] as const;
/** Units of the hidden layer. */
export const HIDDEN = 64;

/**
 * Two convolutions, each followed by ReLU and a 2×2 maximum, then one hidden layer (LeCun et al. 1998 in outline).
 * The first weights are a pure function of the seed: N(0, 2/fan-in) (He et al. 2015, eq. 10), biases zero.
 */
export function convolutionalNetwork(
  imageShape: readonly [number, number, number],
  classes: number,
  seed: number,
): ConvolutionalNetwork {
  const weights: tf.Variable[] = [];
  const draw = (shape: number[]): tf.Variable => {
    const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const stream = new PhiloxStream({ seed, purpose: 'initialWeights', sample: weights.length });
    const values = stream.fillNormal(new Float32Array(tf.util.sizeFromShape(shape)));
    const scale = Math.sqrt(2 / fanIn);
    return keep(tf.tensor(values.map((value) => value * scale), shape));
  };
  const zeros = (size: number): tf.Variable => keep(tf.zeros([size]));
  const keep = (initial: tf.Tensor): tf.Variable => {
    const variable = tf.variable(initial);
    initial.dispose();
    weights.push(variable);
    return variable;
  };

  let [height, width, depth] = imageShape;
  const convolutions = CONVOLUTIONS.map(({ taps, channels }) => {
    const layer = { filter: draw([taps, taps, depth, channels]), bias: zeros(channels) };
    [height, width, depth] = [Math.ceil(height / 2), Math.ceil(width / 2), channels];
    return layer;
  });
  const hidden = { matrix: draw([height * width * depth, HIDDEN]), bias: zeros(HIDDEN) };
  const output = { matrix: draw([HIDDEN, classes]), bias: zeros(classes) };

  const features = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() => {
      let x: tf.Tensor = images;
      for (const { filter, bias } of convolutions) {
        const planes = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
        x = tf.maxPool(tf.relu(tf.add(planes, bias)) as tf.Tensor4D, 2, 2, 'same');
      }
      const flat = tf.reshape(x, [images.shape[0], -1]);
      return tf.relu(tf.add(tf.matMul(flat, hidden.matrix), hidden.bias)) as tf.Tensor2D;
    });
  return {
    imageShape,
    weights,
    features,
    logits: (images) => tf.tidy(() => tf.add(tf.matMul(features(images), output.matrix), output.bias) as tf.Tensor2D),
    dispose: () => tf.dispose(weights),
  };
}
