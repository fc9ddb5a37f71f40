import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels, type Conv2DKernelAttributes } from '@langevin/contracts';
import { PhiloxStream } from '@langevin/diffusion-core';
import { isRuntimeComplete, runtimeDirectory } from '../../install/runtime-cache.js';
import { loadTensorFlow } from '../../load/load-tensorflow.js';

// A machine without a C++ compiler has no native TensorFlow; `npm test` builds it wherever it can.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

/** The nearest bfloat16 of the float32 with these bits, as its upper sixteen bits. */
function nearest(bits: number): number {
  const [upper, lower] = [bits >>> 16, bits & 0xffff];
  return upper + (lower > 0x8000 || (lower === 0x8000 && upper % 2 === 1) ? 1 : 0);
}

const bitsOf = (values: Float32Array) => new Uint32Array(values.slice().buffer);
const upperBits = (values: Float32Array) => Array.from(bitsOf(values), (bits) => bits >>> 16);

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], sample: number, scale = 1): tf.Tensor<R> {
  const values = new PhiloxStream({ seed: 21, purpose: 'noise', sample }).fillNormal(new Float32Array(tf.util.sizeFromShape(shape)));
  return tf.mul(tf.tensor<R>(values, shape), scale);
}

function run(name: string, inputs: tf.NamedTensorMap, attributes: Partial<Conv2DKernelAttributes> = {}): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes)[0]!;
}

const rounded = (x: tf.Tensor) => run(fusedKernels.toBfloat16, { x });

/** Σ in float64 over the taps and channels of a 3×3 convolution of NHWC images; `visit` gets the places in x, filter and y, flat. */
function eachProduct([b, h, w, c]: readonly number[], o: number, visit: (x: number, filter: number, y: number) => void): void {
  const [height, width, channels] = [h!, w!, c!];
  for (let n = 0; n < b! * height * width * 9; n += 1) {
    const [tap, pixel] = [n % 9, Math.floor(n / 9)];
    const row = (Math.floor(pixel / width) % height) + Math.floor(tap / 3) - 1;
    const column = (pixel % width) + (tap % 3) - 1;
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    const from = pixel + (Math.floor(tap / 3) - 1) * width + (tap % 3) - 1;
    for (let i = 0; i < channels; i += 1) for (let k = 0; k < o; k += 1) visit(from * channels + i, (tap * channels + i) * o + k, pixel * o + k);
  }
}

/** The largest difference, as a part of the largest value. */
function relative(actual: tf.Tensor, expected: Float64Array): number {
  const values = actual.dataSync<'float32'>();
  expect(values.length).toBe(expected.length);
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0) / largest;
}

native('bfloat16 in native TensorFlow', () => {
  beforeAll(async () => void (await loadTensorFlow({ backend: 'tensorflow-cpu' })));

  it('rounds to the nearest, ties to even, of every significand and size; what is too large becomes infinite', () => {
    const stream = new PhiloxStream({ seed: 22, purpose: 'noise' });
    // Every normal number's upper half, with lower halves that are ties, their neighbours, or anything; in a length that is no multiple of the lanes.
    const lower = [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff];
    const all = Uint32Array.from({ length: 0x7f00 * 2 + 3 }, (_, index) => {
      const upper = 0x80 + (index % 0x7f00);
      const rest = lower[index % 7] ?? Math.floor(stream.uniform() * 0x1_0000);
      return (((index >= 0x7f00 ? 0x8000 : 0) + upper) * 0x1_0000 + rest) >>> 0;
    });
    const result = rounded(tf.tensor1d(new Float32Array(all.buffer))).dataSync<'float32'>();
    expect(upperBits(result)).toEqual(Array.from(all, nearest));
    expect(bitsOf(result).every((bits) => bits % 0x1_0000 === 0)).toBe(true);
  });

  it('keeps 0 and its sign, infinity and NaN, whatever the bits of the NaN', () => {
    const special = rounded(tf.tensor1d([0, -0, Infinity, -Infinity, 3.4e38, -3.4e38])).dataSync();
    expect(Array.from(special)).toEqual([0, -0, Infinity, -Infinity, Infinity, -Infinity]);
    const nans = new Float32Array(Uint32Array.of(0x7fff_ffff, 0xffff_ffff, 0x7f80_0001, 0x7fc0_0000).buffer);
    expect(Array.from(rounded(tf.tensor1d(nans)).dataSync(), Number.isNaN)).toEqual([true, true, true, true]);
  });

  // Sides that are no multiple of the tile; with bias and without.
  const convolutions: [number, number, number, number, number][] = [[2, 9, 7, 8, 16], [1, 6, 10, 24, 8]];

  it.each(convolutions)('3×3 convolution of [%i, %i, %i, %i] to %i channels multiplies rounded numbers, forward and in both gradients', (b, h, w, c, o) => {
    const x = normal<tf.Rank.R4>([b, h, w, c], 1);
    const filter = normal<tf.Rank.R4>([3, 3, c, o], 2, 1 / Math.sqrt(9 * c));
    const bias = normal<tf.Rank.R1>([o], 3);
    for (const doubled of [false, true]) {
      const dy = normal<tf.Rank.R4>([b, doubled ? 2 * h : h, doubled ? 2 * w : w, o], 4);
      const [ofX, ofFilter, ofDy] = [rounded(x), rounded(filter), rounded(dy)];
      const pairs = [
        [run(fusedKernels.conv2d, { x, filter, bias }, { doubled, rounded: true }), run(fusedKernels.conv2d, { x: ofX, filter: ofFilter, bias }, { doubled, rounded: false })],
        [run(fusedKernels.conv2dInputGrad, { dy, filter }, { doubled, rounded: true }), run(fusedKernels.conv2dInputGrad, { dy: ofDy, filter: ofFilter }, { doubled, rounded: false })],
        [run(fusedKernels.conv2dFilterGrad, { x, dy }, { doubled, rounded: true }), run(fusedKernels.conv2dFilterGrad, { x: ofX, dy: ofDy }, { doubled, rounded: false })],
      ] as const;
      // Rounding on the way gives the bits of rounding before.
      for (const [actual, expected] of pairs) expect(bitsOf(actual.dataSync<'float32'>())).toEqual(bitsOf(expected.dataSync<'float32'>()));
    }
  });

  it.each(convolutions)('3×3 convolution of [%i, %i, %i, %i] to %i channels is the direct one of rounded numbers in float64', (b, h, w, c, o) => {
    const x = normal<tf.Rank.R4>([b, h, w, c], 1);
    const filter = normal<tf.Rank.R4>([3, 3, c, o], 2, 1 / Math.sqrt(9 * c));
    const dy = normal<tf.Rank.R4>([b, h, w, o], 4);
    const attributes = { doubled: false, rounded: true };
    const [ofX, ofFilter, ofDy] = [x, filter, dy].map((tensor) => rounded(tensor).dataSync<'float32'>()) as [Float32Array, Float32Array, Float32Array];
    const [y, dx, dFilter] = [dy, x, filter].map(({ size }) => new Float64Array(size)) as [Float64Array, Float64Array, Float64Array];
    eachProduct(x.shape, o, (from, tap, to) => {
      y[to]! += ofX[from]! * ofFilter[tap]!;
      dx[from]! += ofDy[to]! * ofFilter[tap]!;
      dFilter[tap]! += ofX[from]! * ofDy[to]!;
    });
    // What minimal filtering loses in float32, as without rounding; rounding itself is 2⁻⁹ of each factor.
    expect(relative(run(fusedKernels.conv2d, { x, filter, bias: tf.scalar(0) }, attributes), y)).toBeLessThan(3e-6);
    expect(relative(run(fusedKernels.conv2dInputGrad, { dy, filter }, attributes), dx)).toBeLessThan(3e-6);
    expect(relative(run(fusedKernels.conv2dFilterGrad, { x, dy }, attributes), dFilter)).toBeLessThan(3e-6);
  });
});
