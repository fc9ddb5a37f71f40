import { PhiloxStream } from '../rng/philox-stream.js';
import { FeatureMoments } from './feature-moments.js';
import { frechetDistance } from './frechet-distance.js';
import { jackknifedFrechetDistance } from './jackknifed-frechet-distance.js';
import { symmetricEigen } from './symmetric-eigen.js';

const points = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), dimensions: rows[0]!.length });
const normals = (count: number, dimensions: number, step: number, map = (z: number, _d: number) => z) => ({
  data: new PhiloxStream({ seed: 31, purpose: 'noise', step }).fillNormal(new Float32Array(count * dimensions)).map((z, i) => map(z, i % dimensions)),
  dimensions,
});
/** The points ±√(n − ½)·rᵢ + mean, whose covariance, divided by 2n − 1, is Σ rᵢrᵢᵀ over the n rows r of the root. */
const withMoments = (mean: number[], root: number[][]) =>
  points(root.flatMap((row) => [1, -1].map((sign) => row.map((value, d) => mean[d]! + sign * Math.sqrt(root.length - 0.5) * value))));

describe('FeatureMoments', () => {
  it('has mean and covariance of three points', () => {
    const moments = FeatureMoments.of(points([[1, 0], [3, 4], [5, -1]]));
    expect([moments.count, ...moments.mean]).toEqual([3, 3, 1]);
    expect([...moments.covariance()].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([4, -1, -1, 7]);
  });

  it.each([[[1, 99]], [[50, 50]], [[3, 0, 27, 70]]])('is the same of parts of %j points, added or merged', (sizes) => {
    const all = normals(100, 4, 0, (z, d) => 1000 + (d + 1) * z);
    const whole = FeatureMoments.of(all);
    const [added, combined] = [new FeatureMoments(4), new FeatureMoments(4)];
    let begin = 0;
    for (const size of sizes) {
      const part = { dimensions: 4, data: all.data.slice(begin * 4, (begin += size) * 4) };
      added.add(part);
      combined.merge(FeatureMoments.of(part));
    }
    for (const moments of [added, combined]) {
      expect(moments.count).toBe(100);
      moments.mean.forEach((value, d) => expect(value).toBeCloseTo(whole.mean[d]!, 10));
      moments.covariance().forEach((value, i) => expect(value).toBeCloseTo(whole.covariance()[i]!, 9));
    }
  });

  it('has no points at first, also after none were merged', () => {
    const moments = new FeatureMoments(2);
    moments.merge(new FeatureMoments(2));
    moments.add(points([[1, 2], [3, 6]]));
    expect([moments.count, ...moments.mean, ...moments.covariance()]).toEqual([2, 2, 4, 2, 4, 4, 8]);
  });

  it('keeps what it merges, and may merge itself', () => {
    const moments = FeatureMoments.of(points([[0], [2]]));
    moments.merge(moments);
    expect([moments.count, moments.mean[0], moments.covariance()[0]]).toEqual([4, 1, 4 / 3]);
  });

  it('refuses other dimensions, numbers that are not finite, single points, and no dimensions', () => {
    const moments = FeatureMoments.of(points([[1, 2]]));
    expect(() => moments.add(points([[1]]))).toThrow('needs points of 2 dimensions, got 1');
    expect(() => moments.merge(new FeatureMoments(3))).toThrow('needs points of 2 dimensions, got 3');
    expect(() => moments.add(points([[1, 2], [3, Number.NaN]]))).toThrow('feature 1 of point 1 is NaN');
    expect(() => moments.add(points([[Number.POSITIVE_INFINITY, 2]]))).toThrow('feature 0 of point 0 is Infinity');
    expect(() => moments.covariance()).toThrow('a covariance needs two points, got 1');
    for (const dimensions of [0, 1.5]) expect(() => new FeatureMoments(dimensions)).toThrow(`at least 1, got ${dimensions}`);
  });
});

describe('symmetricEigen', () => {
  it.each([
    { matrix: [2, 1, 1, 2], values: [1, 3] },
    { matrix: [5, 0, 0, -1], values: [-1, 5] },
    { matrix: [1, 1, 1, 1, 1, 1, 1, 1, 1], values: [0, 0, 3] },
    // The second difference of four points: 2 − 2·cos(kπ/5).
    { matrix: [2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2], values: [1, 2, 3, 4].map((k) => 2 - 2 * Math.cos((k * Math.PI) / 5)) },
  ])('has the eigenvalues $values, with A·v = λ·v', ({ matrix, values }) => {
    const n = values.length;
    const given = Float64Array.from(matrix);
    const eigen = symmetricEigen(given, n);
    expect([...given]).toEqual(matrix);
    [...eigen.values].sort((a, b) => a - b).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 13));
    for (let column = 0; column < n; column++) {
      const vector = Array.from({ length: n }, (_, i) => eigen.vectors[i * n + column]!);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 13);
      for (let i = 0; i < n; i++) {
        expect(vector.reduce((sum, value, j) => sum + matrix[i * n + j]! * value, 0)).toBeCloseTo(eigen.values[column]! * vector[i]!, 13);
      }
    }
  });
});

describe('frechetDistance', () => {
  const distance = (a: ReturnType<typeof points>, b: ReturnType<typeof points>) => frechetDistance(FeatureMoments.of(a), FeatureMoments.of(b));

  it.each([
    [0, 1, 0, 1],
    [1, 2, -1, 0.5],
    [0.3, 0.1, 0.3, 4],
  ])('is (μ₁ − μ₂)² + (σ₁ − σ₂)² in one dimension: %d ± %d and %d ± %d', (m1, s1, m2, s2) => {
    expect(distance(withMoments([m1], [[s1]]), withMoments([m2], [[s2]]))).toBeCloseTo((m1 - m2) ** 2 + (s1 - s2) ** 2, 5);
  });

  it.each([[0], [0.4], [1.2], [Math.PI / 2]])('is right for covariances that do not commute, turned by %d', (angle) => {
    // In two dimensions Tr (C₁C₂)^½ = √(Tr C₁C₂ + 2·√(det C₁·det C₂)).
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [a, b] = [withMoments([0, 1], [[3, 0], [0, 1]]), withMoments([2, 0], [[2 * c, 2 * s], [-0.5 * s, 0.5 * c]])];
    const traceOfProduct = 9 * (4 * c * c + 0.25 * s * s) + (4 * s * s + 0.25 * c * c);
    expect(distance(a, b)).toBeCloseTo(5 + 10 + 4.25 - 2 * Math.sqrt(traceOfProduct + 2 * Math.sqrt(9)), 4);
    expect(distance(b, a)).toBeCloseTo(distance(a, b), 9);
  });

  it('is 0 of a set and itself, also where its covariance is singular', () => {
    const set = normals(40, 3, 1, (z, d) => (d === 2 ? 7 : z));
    expect(Math.abs(distance(set, set))).toBeLessThan(1e-6);
  });

  it('is too large by a term in 1/N for equal distributions', () => {
    const mean = (count: number, first: number) => {
      let sum = 0;
      for (let i = 0; i < 100; i++) sum += distance(normals(count, 3, first + 2 * i), normals(count, 3, first + 2 * i + 1));
      return sum / 100;
    };
    const slope = Math.log(mean(400, 1000) / mean(50, 2000)) / Math.log(400 / 50);
    expect(slope).toBeGreaterThan(-1.1);
    expect(slope).toBeLessThan(-0.9);
  });

  it('refuses too few samples, with numbers, and other dimensions', () => {
    expect(() => distance(normals(4, 3, 2), normals(3, 3, 3))).toThrow('a Fréchet distance of 3 features needs more than 3 samples of each set, got 4 and 3');
    expect(() => distance(normals(3, 3, 2), normals(4, 3, 3))).toThrow('got 3 and 4');
    expect(distance(normals(4, 3, 2), normals(4, 3, 3))).toBeGreaterThan(0);
    expect(() => distance(normals(9, 3, 2), normals(9, 2, 3))).toThrow('features of 3 and of 2 dimensions');
  });
});

describe('jackknifedFrechetDistance', () => {
  const parts = (count: number, step: number, shift: number) => Array.from({ length: 10 }, (_, i) => FeatureMoments.of(normals(count / 10, 1, step + i, (z) => z + shift)));

  it('has the value of all parts together, and the error of a shift: 2δ·√(2/N)', () => {
    const [a, b] = [parts(400, 5000, 0), parts(400, 6000, 2)];
    const [wholeA, wholeB] = [new FeatureMoments(1), new FeatureMoments(1)];
    for (const part of a) wholeA.merge(part);
    for (const part of b) wholeB.merge(part);
    const { value, standardError } = jackknifedFrechetDistance(a, b);
    expect(value).toBe(frechetDistance(wholeA, wholeB));
    // The spread of ten parts has itself an error of 1/√18 of its size; four of those.
    expect(Math.abs(standardError / (4 * Math.sqrt(2 / 400)) - 1)).toBeLessThan(4 / Math.sqrt(18));
    expect(Math.abs(value - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / 400));
  });

  it('is the jackknife of three parts: √(⅔·Σ(θ₍ᵢ₎ − θ̄)²) of what is left without each', () => {
    const [a, b] = [[[0, 1, 2], [3, 1, 5], [2, 2, 0]], [[4, 1, 1], [0, 7, 3], [5, 5, 2]]] as const;
    const moments = (...parts: (readonly number[])[]) => FeatureMoments.of({ data: Float32Array.from(parts.flat()), dimensions: 1 });
    const without = [[1, 2], [0, 2], [0, 1]].map((kept) => frechetDistance(moments(...kept.map((i) => a[i]!)), moments(...kept.map((i) => b[i]!))));
    const mean = (without[0]! + without[1]! + without[2]!) / 3;
    const { standardError } = jackknifedFrechetDistance(a.map((part) => moments(part)), b.map((part) => moments(part)));
    expect(standardError).toBeCloseTo(Math.sqrt((2 / 3) * without.reduce((sum, each) => sum + (each - mean) ** 2, 0)), 12);
  });

  it('takes two parts', () => {
    const some = parts(40, 7000, 0);
    expect(jackknifedFrechetDistance(some.slice(0, 2), some.slice(2, 4)).standardError).toBeGreaterThan(0);
  });

  it('refuses one part and unequal numbers of parts', () => {
    const some = parts(40, 7000, 0);
    expect(() => jackknifedFrechetDistance(some.slice(0, 1), some.slice(0, 1))).toThrow('got 1 and 1');
    expect(() => jackknifedFrechetDistance(some, some.slice(1))).toThrow('got 10 and 9');
  });
});
