import { PhiloxStream } from '../rng/philox-stream.js';
import { kernelDistance } from './kernel-distance.js';
import { polynomialKernel, rbfKernel } from './kernel.js';
import { squaredMmd } from './maximum-mean-discrepancy.js';
import { precisionRecall } from './precision-recall.js';
import { squaredSlicedWasserstein, squaredWasserstein1d } from './sliced-wasserstein.js';

const points = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), dimensions: rows[0]!.length });
const random = (step: number) => new PhiloxStream({ seed: 41, purpose: 'noise', step });
const normals = (count: number, dimensions: number, step: number, shift = 0) => ({
  data: random(step).fillNormal(new Float32Array(count * dimensions)).map((z) => z + shift),
  dimensions,
});

describe('kernels', () => {
  it('has the values of their formulas at x = (1, 2), y = (3, −1)', () => {
    expect(polynomialKernel(2)(1, 5, 10)).toBe(1.5 ** 3);
    expect(polynomialKernel(2, 1)(1, 5, 10)).toBe(1.5);
    expect(rbfKernel(2)(1, 5, 10)).toBeCloseTo(Math.exp(-13 / 8), 14);
  });

  it('refuses what is no kernel', () => {
    for (const bandwidth of [0, Number.NaN]) expect(() => rbfKernel(bandwidth)).toThrow(`above 0, got ${bandwidth}`);
    expect(() => polynomialKernel(0)).toThrow('dimensions must be at least 1, got 0');
    for (const degree of [0, 1.5]) expect(() => polynomialKernel(2, degree)).toThrow(`at least 1, got ${degree}`);
  });
});

describe('squaredMmd', () => {
  it('is the sum over pairs, by hand, with sets of two sizes', () => {
    const [a, b] = [points([[1], [2], [4]]), points([[0], [3]])];
    // k = xy + 1: pairs within a: 3, 5, 9; within b: 1; across: 1·3, then 4, 7, 13.
    expect(squaredMmd(a, b, polynomialKernel(1, 1))).toBeCloseTo(17 / 3 + 1 - (2 * (3 + 4 + 7 + 13)) / 6, 12);
  });

  it('has the mean 0 over all pairs of draws from one law, and takes both signs', () => {
    const values: number[] = [];
    const coin = [-1, 1];
    for (const [x1, x2, y1, y2] of coin.flatMap((a) => coin.flatMap((b) => coin.flatMap((c) => coin.map((d) => [a, b, c, d] as const))))) {
      values.push(squaredMmd(points([[x1], [x2]]), points([[y1], [y2]]), polynomialKernel(1)));
    }
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(Math.min(...values)).toBeLessThan(0);
    expect(Math.max(...values)).toBeGreaterThan(0);
  });

  it.each([0.5, 2])('is the closed form of two normal laws with the rbf kernel of bandwidth %d (4 standard errors)', (bandwidth) => {
    // E k(x, y) = h/√(h² + 2)·exp(−δ²/(2(h² + 2))) for x, y normal with variance 1 and means apart by δ.
    const expected = (delta: number) => (bandwidth / Math.sqrt(bandwidth ** 2 + 2)) * Math.exp((-delta * delta) / (2 * (bandwidth ** 2 + 2)));
    const { value, standardError } = kernelDistance(normals(1000, 1, 0), normals(1000, 1, 1, 1), { kernel: rbfKernel(bandwidth) });
    expect(Math.abs(value - 2 * (expected(0) - expected(1)))).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.03);
  });

  it('refuses other dimensions and single points', () => {
    const kernel = rbfKernel(1);
    expect(() => squaredMmd(points([[1, 2]]), points([[1]]), kernel)).toThrow('points of 2 and of 1 dimensions');
    expect(() => squaredMmd(points([[1], [2]]), points([[1]]), kernel)).toThrow('two points of each set, got 2 and 1');
    expect(() => squaredMmd(points([[1]]), points([[1], [2]]), kernel)).toThrow('got 1 and 2');
  });
});

describe('kernelDistance', () => {
  it('is the mean of its blocks, each every n-th point, with the error of a mean', () => {
    const [a, b] = [points([[0, 1], [2, 3], [1, 1], [4, 0]]), points([[1, 0], [0, 2], [3, 3], [1, 2]])];
    const pick = ({ data }: { data: Float32Array }, i: number) => ({ dimensions: 2, data: Float32Array.of(data[2 * i]!, data[2 * i + 1]!, data[2 * i + 4]!, data[2 * i + 5]!) });
    const [first, second] = [0, 1].map((i) => squaredMmd(pick(a, i), pick(b, i), polynomialKernel(2))) as [number, number];
    const { value, standardError } = kernelDistance(a, b, { blocks: 2 });
    expect(value).toBeCloseTo((first + second) / 2, 12);
    expect(standardError).toBeCloseTo(Math.abs(first - second) / 2, 12);
  });

  it('has the error of three blocks: √(Σ(vᵢ − v̄)²/6)', () => {
    const [a, b] = [[0, 1, 5, 2, 2, 1], [3, 0, 1, 1, 4, 2]];
    const values = [0, 1, 2].map((i) => squaredMmd(points([[a[i]!], [a[i + 3]!]]), points([[b[i]!], [b[i + 3]!]]), polynomialKernel(1)));
    const mean = (values[0]! + values[1]! + values[2]!) / 3;
    const { value, standardError } = kernelDistance(points(a.map((each) => [each])), points(b.map((each) => [each])), { blocks: 3 });
    expect(value).toBeCloseTo(mean, 10);
    expect(standardError).toBeCloseTo(Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 6), 10);
  });

  it('has ten blocks unless told, and refuses too few points or blocks', () => {
    expect(kernelDistance(normals(20, 1, 2), normals(20, 1, 3))).toEqual(kernelDistance(normals(20, 1, 2), normals(20, 1, 3), { blocks: 10 }));
    expect(() => kernelDistance(normals(19, 1, 2), normals(20, 1, 3))).toThrow('10 blocks need 20 points of each set, got 19 and 20');
    expect(() => kernelDistance(normals(20, 1, 2), normals(19, 1, 3))).toThrow('got 20 and 19');
    for (const blocks of [1, 2.5]) expect(() => kernelDistance(normals(20, 1, 2), normals(20, 1, 3), { blocks })).toThrow(`at least 2, got ${blocks}`);
  });
});

describe('precisionRecall', () => {
  it('is 1 for equal sets and 0 for sets far apart', () => {
    expect(precisionRecall(normals(50, 3, 4), normals(50, 3, 4))).toEqual({ precision: 1, recall: 1 });
    expect(precisionRecall(normals(50, 3, 4), normals(50, 3, 5, 100))).toEqual({ precision: 0, recall: 0 });
  });

  it('is right by hand on a line, borders included', () => {
    const [real, samples] = [points([[0], [1], [3]]), points([[-1], [2], [5.5], [9]])];
    // Nearest of real: 1, 1, 2, so that its manifold is [−1, 2] and [1, 5]; of samples: 3, 3, 3.5, 3.5: all from −4 on.
    expect(precisionRecall(real, samples, 1)).toEqual({ precision: 0.5, recall: 1 });
    // Second nearest of real: 3, 2, 3: [−3, 6].
    expect(precisionRecall(real, samples, 2)).toEqual({ precision: 0.75, recall: 1 });
  });

  it('loses recall where samples miss a mode, and precision where they invent one', () => {
    const [one, two] = [normals(100, 2, 6), normals(100, 2, 7, 50)];
    const both = { dimensions: 2, data: Float32Array.from([...one.data, ...two.data]) };
    expect(precisionRecall(both, one)).toEqual({ precision: 1, recall: 0.5 });
    expect(precisionRecall(one, both)).toEqual({ precision: 0.5, recall: 1 });
  });

  it('has three neighbours unless told, and refuses too few points, other dimensions and no neighbours', () => {
    const [a, b] = [normals(20, 2, 8), normals(20, 2, 9, 1)];
    expect(precisionRecall(a, b)).toEqual(precisionRecall(a, b, 3));
    expect(precisionRecall(a, b)).not.toEqual(precisionRecall(a, b, 1));
    expect(() => precisionRecall(normals(3, 2, 8), b)).toThrow('3 neighbours need more than 3 points of each set, got 3 and 20');
    expect(() => precisionRecall(a, normals(3, 2, 8))).toThrow('got 20 and 3');
    expect(precisionRecall(normals(4, 2, 8), normals(4, 2, 8))).toEqual({ precision: 1, recall: 1 });
    expect(() => precisionRecall(a, normals(20, 1, 8))).toThrow('points of 2 and of 1 dimensions');
    for (const neighbours of [0, 1.5]) expect(() => precisionRecall(a, b, neighbours)).toThrow(`at least 1, got ${neighbours}`);
  });
});

describe('squaredWasserstein1d', () => {
  it.each([
    { a: [3, 1, 2], b: [4, 2, 3], expected: 1 },
    { a: [0], b: [1, -1, 2], expected: 2 },
    // Quantiles of halves and thirds: (0 − 0)²/3 + (0 − 3)²/6 + (6 − 3)²/6 + (6 − 9)²/3.
    { a: [6, 0], b: [9, 0, 3], expected: 6 },
  ])('is $expected for $a and $b, either way', ({ a, b, expected }) => {
    expect(squaredWasserstein1d(a, b)).toBeCloseTo(expected, 12);
    expect(squaredWasserstein1d(b, a)).toBeCloseTo(expected, 12);
  });

  it('refuses an empty set', () => {
    expect(() => squaredWasserstein1d([], [1])).toThrow('got 0 and 1');
    expect(() => squaredWasserstein1d([1], [])).toThrow('got 1 and 0');
  });
});

describe('squaredSlicedWasserstein', () => {
  it('is the exact distance in one dimension, whatever the direction', () => {
    const [a, b] = [points([[3], [1], [2]]), points([[4], [2.5]])];
    expect(squaredSlicedWasserstein(a, b, 5, random(10))).toBeCloseTo(squaredWasserstein1d([3, 1, 2], [4, 2.5]), 6);
  });

  it.each([2, 5])('is |δ|²/D for a shift by δ in %d dimensions (4 standard errors)', (dimensions) => {
    const [a, directions, length2] = [normals(10, dimensions, 11), 2000, 4 * dimensions];
    const shifted = { dimensions, data: a.data.map((value) => value + 2) };
    // uᵢ² of a uniform direction has mean 1/D and variance 2(D − 1)/(D²(D + 2)).
    const error = length2 * Math.sqrt((2 * (dimensions - 1)) / (dimensions ** 2 * (dimensions + 2)) / directions);
    expect(Math.abs(squaredSlicedWasserstein(a, shifted, directions, random(12)) - length2 / dimensions)).toBeLessThan(4 * error);
  });

  it('follows its seed alone, and refuses no direction and other dimensions', () => {
    const [a, b] = [normals(10, 3, 13), normals(12, 3, 14)];
    expect(squaredSlicedWasserstein(a, b, 4, random(15))).toBe(squaredSlicedWasserstein(a, b, 4, random(15)));
    expect(squaredSlicedWasserstein(a, b, 4, random(15))).not.toBe(squaredSlicedWasserstein(a, b, 4, random(16)));
    for (const directions of [0, 1.5]) expect(() => squaredSlicedWasserstein(a, b, directions, random(15))).toThrow(`at least 1, got ${directions}`);
    expect(() => squaredSlicedWasserstein(a, points([[1]]), 4, random(15))).toThrow('points of 3 and of 1 dimensions');
  });
});
