import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { jointGaussianDenoiser, linearPosterior } from '../analytic/joint-gaussian.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { ddim } from '../samplers/ddim.js';
import { ddpmAncestral } from '../samplers/ddpm-ancestral.js';
import { ancestralCoefficients } from '../samplers/step-coefficients.js';
import { timestepGrid } from '../samplers/timestep-grid.js';
import { denoiseImages, timeOfNoise } from './denoise.js';
import { slerp } from './interpolation.js';
import { averageOperator, maskOperator, repeated } from './linear-operator.js';
import { estimateNoise } from './noise-level.js';
import { reconstructionGuidance } from './reconstruction-guidance.js';
import { repaint } from './repaint.js';
import { repaintMoves } from './repaint-moves.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const normals = (shape: number[], step: number, seed = 4) => tf.tensor(new PhiloxStream({ seed, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(shape.reduce((a, b) => a * b))), shape);
const largest = (a: tf.Tensor, b: tf.Tensor) => Math.max(...tf.abs(tf.sub(a, b)).dataSync());

describe('linear operators', () => {
  it.each([
    ['a mask', () => maskOperator(tf.tensor([1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0], [1, 4, 4, 1]))],
    ['means of squares', () => averageOperator(2)],
  ])('%s has its transpose, and rows that are orthogonal and of the length it says', (name, operatorOf) =>
    tf.tidy(() => {
      const operator = operatorOf();
      const x = normals([2, 4, 4, 1], 1);
      const y = operator.apply(normals([2, 4, 4, 1], 2));
      expect(Math.abs(tf.sum(tf.mul(operator.apply(x), y)).dataSync()[0]! - tf.sum(tf.mul(x, operator.transpose(y))).dataSync()[0]!)).toBeLessThan(1e-5);
      expect(largest(operator.apply(operator.transpose(y)), tf.mul(operator.rowNorm, y))).toBeLessThan(1e-6);
      if (name === 'means of squares') expect(largest(operator.apply(repeated(y, 2)), y)).toBeLessThan(1e-6);
    }),
  );

  it('means are those of each square, by channel', () =>
    tf.tidy(() => {
      const x = tf.tensor([1, 10, 2, 20, 3, 30, 6, 60], [1, 2, 2, 2]);
      expect([...averageOperator(2).apply(x).dataSync()]).toEqual([3, 30]);
      expect([...repeated(tf.tensor([3, 30], [1, 1, 1, 2]), 2).dataSync()]).toEqual([3, 30, 3, 30, 3, 30, 3, 30]);
      expect([...repeated(tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]), 2).dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    }));

  it('refuse what has no squares', () => {
    for (const factor of [1, 2.5, Number.NaN]) expect(() => averageOperator(factor)).toThrow(`whole number of at least 2, got ${factor}`);
    for (const shape of [[1, 3, 4, 1], [1, 4, 3, 1]]) expect(() => averageOperator(2).apply(tf.zeros(shape))).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`images of ${shape[1]} × ${shape[2]} pixels`) }));
  });
});

describe('reconstructionGuidance', () => {
  const data = { mean: 0.3, variance: 0.5 };
  const y = [0.9, -0.4];

  it.each([0, 0.2, 1])('turns the exact denoiser of N(m, v·I) into that of the posterior, at every noise level (inpainting, τ = %d)', (noise) =>
    tf.tidy(() => {
      const operator = maskOperator(tf.tensor2d([[1, 0]]));
      const guided = reconstructionGuidance(process, { operator, y: tf.tensor2d([[0.9, 0], [0.9, 0], [0.9, 0]]), noise }, { dataVariance: 0.5 })(gaussianDenoiser(process, data));
      const posterior = linearPosterior({ mean: [0.3, 0.3], covariance: [[0.5, 0], [0, 0.5]] }, { matrix: [[1, 0]], y: [0.9], variance: noise * noise });
      const exact = jointGaussianDenoiser(process, posterior);
      const [x, t] = [tf.tensor2d([[-2, 1], [0.3, 0.3], [1.7, 0]]), tf.tensor1d([20, 400, 900])];
      expect(largest(guided(x, t), exact(x, t))).toBeLessThan(1e-4);
    }),
  );

  it('samples the posterior of means of squares: the mean and what is left free', () =>
    tf.tidy(() => {
      const guide = reconstructionGuidance(process, { operator: averageOperator(2), y: tf.tensor(y, [1, 1, 2, 1]), noise: 0.3 }, { dataVariance: 0.5 });
      const matrix = [[0.25, 0.25, 0, 0, 0.25, 0.25, 0, 0], [0, 0, 0.25, 0.25, 0, 0, 0.25, 0.25]];
      const covariance = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => (i === j ? 0.5 : 0)));
      const exact = linearPosterior({ mean: new Array<number>(8).fill(0.3), covariance }, { matrix, y, variance: 0.09 });
      const grid = timestepGrid(50, 'leading');
      const denoiser = jointGaussianDenoiser(process, exact);
      const start = normals([1, 2, 4, 1], 3);
      const [ours, theirs] = [guide(gaussianDenoiser(process, data)), denoiser].map((d) => ddim(d, process, grid, start));
      expect(largest(ours!, theirs!)).toBeLessThan(1e-3);
    }));

  it('counts the gradient as often as it is told, with the variance that it is told', () =>
    tf.tidy(() => {
      const measurement = { operator: maskOperator(tf.tensor2d([[1, 1]])), y: tf.tensor2d([y]) };
      const [x, t] = [tf.tensor2d([[0.5, 0.1]]), tf.tensor1d([300])];
      const plain = gaussianDenoiser(process, data);
      const move = (options: object) => tf.sub(reconstructionGuidance(process, measurement, options)(plain)(x, t), plain(x, t));
      expect(largest(move({ scale: 2 }), tf.mul(2, move({})))).toBeLessThan(1e-5);
      expect(largest(move({ dataVariance: 1 }), move({}))).toBe(0);
      expect(largest(move({ dataVariance: 0.5 }), move({}))).toBeGreaterThan(1e-3);
    }));

  it('refuses what is no variance', () => {
    const measurement = { operator: maskOperator(tf.ones([1])), y: tf.ones([1]) };
    const plain = gaussianDenoiser(process, data);
    expect(() => reconstructionGuidance(process, { ...measurement, noise: -1 })(plain)).toThrow('the noise of a measurement is 0 or more, got -1');
    expect(() => reconstructionGuidance(process, measurement, { dataVariance: 0 })(plain)).toThrow('the variance of data is above 0, got 0');
    expect(() => reconstructionGuidance(process, measurement, { scale: Number.NaN })(plain)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('repaintMoves', () => {
  const shown = (moves: ReturnType<typeof repaintMoves>, steps: number) => [steps, ...moves.map(({ to }) => steps - to)].join(' ');

  it('are those of the paper’s schedule: steps left, j = 2, r = 3', () => {
    // Lugmayr et al.'s get_schedule_jump for t_T = 6 gives 5 4 3 2 3 4 … 0 −1 as times; steps left are one more.
    expect(shown(repaintMoves(6, { jumpLength: 2, resamples: 3 }), 6)).toBe('6 5 4 3 4 5 4 3 4 5 4 3 2 1 2 3 2 1 2 3 2 1 0');
  });

  it.each([
    [5, { jumpLength: 1, resamples: 2 }, '5 4 5 4 3 4 3 2 3 2 1 2 1 0'],
    [4, { jumpLength: 4, resamples: 9 }, '4 3 2 1 0'],
    [4, { jumpLength: 3, resamples: 2 }, '4 3 2 1 2 3 4 3 2 1 0'],
    [3, { jumpLength: 1, resamples: 1 }, '3 2 1 0'],
  ])('through %d steps with %j', (steps, schedule, expected) => {
    expect(shown(repaintMoves(steps, schedule), steps)).toBe(expected);
  });

  it('has ten of ten unless told', () => {
    expect(repaintMoves(50)).toEqual(repaintMoves(50, { jumpLength: 10, resamples: 10 }));
    expect(repaintMoves(50).length).toBe(50 + 2 * 4 * 9 * 10);
  });

  it.each([[{ jumpLength: 0 }, 'jumpLength 0'], [{ resamples: 1.5 }, 'resamples 1.5']])('refuses %j', (schedule, message) => {
    expect(() => repaintMoves(5, schedule)).toThrow(`${message} is not a whole number of at least 1`);
  });
});

describe('repaint', () => {
  // Two numbers that are correlated; the second is known.
  const data = { mean: [0, 0], covariance: [[1, 0.9], [0.9, 1]] };
  const denoiser = jointGaussianDenoiser(process, data);
  const [y, rho] = [1.5, 0.9];
  const grid = timestepGrid(50, 'leading');
  const known = () => tf.tensor2d([[0, y]]);
  const mask = () => tf.tensor2d([[0, 1]]);
  /** The mean of what is drawn: everything is affine, so that it is what comes without noise. */
  const meanOf = (schedule: object) => tf.tidy(() => repaint(denoiser, process, grid, tf.zeros([1, 2]), { known: known(), mask: mask(), noise: () => tf.zeros([1, 2]), ...schedule }).dataSync()[0]!);

  it('by replacement is biased towards what is drawn without knowing anything; going back takes the bias away', () => {
    const exact = rho * y;
    const biases = [{ resamples: 1 }, { jumpLength: 1, resamples: 3 }, { jumpLength: 1, resamples: 10 }, { jumpLength: 1, resamples: 30 }].map((schedule) => exact - meanOf(schedule));
    biases.slice(1).forEach((bias, i) => expect(Math.abs(bias)).toBeLessThan(0.7 * biases[i]!));
    expect(biases[0]).toBeGreaterThan(0.1);
    expect(Math.abs(biases[3]!)).toBeLessThan(0.03);
  });

  /** Mean and covariance of both numbers, move by move, in double precision: everything is affine. */
  function law(schedule: object) {
    let [mean, [p, q, r]] = [[0, 0], [1, 0, 1]];
    const times = [...grid.map(({ t }) => t), grid.at(-1)!.tPrev];
    for (const { from, to } of repaintMoves(grid.length, schedule)) {
      const [t, s] = [times[from]!, times[to]!];
      if (to < from) {
        const ratio = process.alpha(s) / process.alpha(t);
        const added = process.sigma(s) ** 2 - ratio ** 2 * process.sigma(t) ** 2;
        [mean, [p, q, r]] = [mean.map((m) => ratio * m), [ratio ** 2 * p! + added, ratio ** 2 * q!, ratio ** 2 * r! + added]];
        continue;
      }
      const c = ancestralCoefficients(process, { t, tPrev: s }, 'fixed_small');
      const [alpha, sigma2] = [process.alpha(t), process.sigma(t) ** 2];
      // αC(α²C + σ²I)⁻¹ of a covariance with the eigenvalues 1 ± 0.9.
      const [plus, minus] = [1.9, 0.1].map((value) => (alpha * value) / (alpha ** 2 * value + sigma2));
      const [a, b] = [(c.x0 * (plus! + minus!)) / 2 + c.x, (c.x0 * (plus! - minus!)) / 2];
      const variance = a * a * p! + 2 * a * b * q! + b * b * r! + c.noise ** 2;
      [mean, [p, q, r]] = [[a * mean[0]! + b * mean[1]!, process.alpha(s) * y], [variance, 0, process.sigma(s) ** 2]];
    }
    return { mean: mean[0]!, variance: p! };
  }

  it.each([{ resamples: 1 }, { jumpLength: 3, resamples: 3 }, { jumpLength: 1, resamples: 4 }])('draws what the closed recursion says (4 standard errors of 1,000): %j', (schedule) => {
    const [size, exact] = [1000, law(schedule)];
    const { mean, variance } = tf.tidy(() => {
      const noise = (index: number) => normals([size, 2], index);
      const drawn = tf.slice2d(repaint(denoiser, process, grid, noise(100_000), { known: known(), mask: mask(), noise, ...schedule }) as tf.Tensor2D, [0, 0], [-1, 1]);
      const moments = tf.moments(drawn);
      return { mean: moments.mean.dataSync()[0]!, variance: moments.variance.dataSync()[0]! };
    });
    expect(Math.abs(meanOf(schedule) - exact.mean)).toBeLessThan(1e-4);
    expect(Math.abs(mean - exact.mean)).toBeLessThan(4 * Math.sqrt(exact.variance / size));
    expect(Math.abs(variance / exact.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  });

  it('keeps the known pixels at the noise level that a step led to, and gives them back as they are', () =>
    tf.tidy(() => {
      const seen: number[][] = [];
      const noise = (index: number) => tf.fill([1, 2], index % 2 === 1 ? 0.5 : 0);
      const result = repaint(denoiser, process, grid.slice(-3), tf.zeros([1, 2]), { known: known(), mask: mask(), noise, resamples: 1, onStep: (_, x) => seen.push([...x.dataSync()]) });
      grid.slice(-3).forEach(({ tPrev }, i) => expect(seen[i]![1]).toBeCloseTo(process.alpha(tPrev) * y + process.sigma(tPrev) * 0.5, 5));
      expect(result.dataSync()[1]).toBeCloseTo(y, 6);
    }));

  it('adds the noise between two times when it goes back, which keeps the law of x_t', () =>
    tf.tidy(() => {
      const seen: number[][] = [];
      const [first, second] = grid.slice(-2) as [(typeof grid)[0], (typeof grid)[0]];
      repaint(denoiser, process, [first, second], tf.tensor2d([[1, 1]]), { known: known(), mask: mask(), noise: () => tf.ones([1, 2]), jumpLength: 1, resamples: 2, onStep: (_, x) => seen.push([...x.dataSync()]) });
      const ratio = process.alpha(first.t) / process.alpha(second.t);
      const added = Math.sqrt(process.sigma(first.t) ** 2 - ratio ** 2 * process.sigma(second.t) ** 2);
      seen[1]!.forEach((value, i) => expect(value).toBeCloseTo(ratio * seen[0]![i]! + added, 5));
    }));

  it('without a mask is ancestral sampling', () =>
    tf.tidy(() => {
      const x = normals([3, 2], 5);
      const nothing = tf.zeros([1, 2]);
      const ours = repaint(denoiser, process, grid, x, { known: nothing, mask: nothing, noise: (index) => normals([3, 2], index), resamples: 1 });
      const theirs = ddpmAncestral(denoiser, process, grid, x, { noise: (index) => normals([3, 2], 2 * index) });
      expect(largest(ours, theirs)).toBeLessThan(1e-6);
    }));

  it('leaves only its result behind, and says what it misses', () => {
    const [x, keep, at] = [tf.zeros([1, 2]), known(), mask()];
    const before = tf.memory().numTensors;
    const result = repaint(denoiser, process, grid, x, { known: keep, mask: at, noise: () => tf.zeros([1, 2]), jumpLength: 5, resamples: 2 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(() => repaint(denoiser, process, grid, x, { known: keep, mask: at })).toThrow('pass options.noise');
    for (const options of [{ known: keep }, { mask: at }]) expect(() => repaint(denoiser, process, grid, x, options as never)).toThrow('repaint needs the known pixels and their mask');
    tf.dispose([x, keep, at, result]);
  });
});

describe('estimateNoise', () => {
  it.each([0.05, 0.4])('finds the deviation %d of noise on each image, in 4 standard errors, whatever is smooth below it', (deviation) =>
    tf.tidy(() => {
      const size = 64;
      const ramp = tf.reshape(tf.linspace(-1, 1, size), [1, size, 1, 1]);
      const images = tf.add(ramp, tf.mul(tf.tensor([deviation, 2 * deviation], [2, 1, 1, 1]), normals([2, size, size, 1], 9)));
      // The median of n half-normal values has a deviation of 1.17/√n of σ (asymptotically √(π e^{z²}/2)/2z).
      const n = (size / 2) ** 2;
      [...estimateNoise(images)].forEach((found, i) => expect(Math.abs(found / (deviation * (i + 1)) - 1)).toBeLessThan((4 * 1.17) / Math.sqrt(n)));
    }),
  );

  it('is the median of all details over that of a normal law, an even number of them too; the last odd row has none', () =>
    tf.tidy(() => {
      // Details of the four squares: 1, 2, 3, 10 halves; the fifth row and column count nothing.
      const rows = [[2, 0, 4, 0, 9], [0, 0, 0, 0, 9], [6, 0, 20, 0, 9], [0, 0, 0, 0, 9], [9, 9, 9, 9, 9]];
      expect(estimateNoise(tf.tensor(rows.flat(), [1, 5, 5, 1]))[0]).toBeCloseTo(2.5 / 0.6744897501960817, 6);
      expect(estimateNoise(tf.tensor([2, 0, 0, 0], [1, 2, 2, 1]))[0]).toBeCloseTo(1 / 0.6744897501960817, 6);
      // Colours have details of their own.
      expect(estimateNoise(tf.tensor([2, 6, 0, 0, 0, 0, 0, 0], [1, 2, 2, 2]))[0]).toBeCloseTo(2 / 0.6744897501960817, 6);
    }));

  it.each([[[2, 1, 4, 1]], [[2, 4, 1, 1]], [[4, 4]]])('refuses images of the shape %j', (shape) => {
    expect(() => estimateNoise(tf.zeros(shape))).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`got [${shape.join(', ')}]`) }));
  });
});

describe('denoiseImages', () => {
  it('is the posterior mean of x₀ + N(0, τ²), each image with its own τ', () =>
    tf.tidy(() => {
      const levels = [100, 500].map((t) => process.sigma(t) / process.alpha(t));
      const noisy = tf.tensor([0.8, -0.3, 2, 0], [2, 2, 1, 1]);
      const data = { mean: 0.2, variance: 0.3 };
      const result = denoiseImages(gaussianDenoiser(process, data), process, noisy, levels).dataSync();
      noisy.dataSync().forEach((y, i) => {
        const gain = data.variance / (data.variance + levels[Math.floor(i / 2)]! ** 2);
        expect(result[i]).toBeCloseTo(data.mean + gain * (y - data.mean), 5);
      });
    }));

  it('takes the time whose noise is nearest', () => {
    const ratio = (t: number) => process.sigma(t) / process.alpha(t);
    for (const t of [0, 1, 400, 999]) expect(timeOfNoise(process, ratio(t))).toBe(t);
    const between = Math.sqrt(ratio(400) * ratio(401));
    expect([timeOfNoise(process, between * 0.9999), timeOfNoise(process, between * 1.0001)]).toEqual([400, 401]);
    expect(timeOfNoise(process, 1e-9)).toBe(0);
  });

  it('says what is no noise level', () => {
    for (const noise of [0, -1, 158, Number.NaN]) expect(() => timeOfNoise(process, noise)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('it knows from 0.010 to 157') }));
    expect(() => denoiseImages((x) => x, process, tf.zeros([2, 1]), [1])).toThrow('1 noise levels for 2 images');
  });
});

describe('slerp', () => {
  it('goes along the circle through both, at even angles', () =>
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d([[2, 0], [1, 0]]), tf.tensor2d([[0, 2], [Math.SQRT1_2, Math.SQRT1_2]])];
      for (const w of [0, 0.25, 0.5, 1]) {
        const rows = slerp(a, b, w).arraySync() as number[][];
        [[2, Math.PI / 2], [1, Math.PI / 4]].forEach(([radius, angle], i) => {
          expect(rows[i]![0]).toBeCloseTo(radius! * Math.cos(w * angle!), 4);
          expect(rows[i]![1]).toBeCloseTo(radius! * Math.sin(w * angle!), 4);
        });
      }
    }));

  it('of equal samples is the sample, in any shape', () =>
    tf.tidy(() => {
      const x = normals([2, 2, 2, 1], 8);
      const between = slerp(x, x, 0.3);
      expect(between.shape).toEqual(x.shape);
      expect(largest(between, x)).toBeLessThan(1e-3);
    }));

  it('refuses weights outside and shapes that differ', () => {
    for (const w of [-0.1, 1.1, Number.NaN]) expect(() => slerp(tf.ones([1, 2]), tf.ones([1, 2]), w)).toThrow(`the weight ${w} lies outside 0 … 1`);
    expect(() => slerp(tf.ones([1, 2]), tf.ones([2, 1]), 0.5)).toThrow('nothing between [1, 2] and [2, 1]');
  });
});
