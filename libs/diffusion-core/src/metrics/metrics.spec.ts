import { PhiloxStream } from '../rng/philox-stream.js';
import { confusionMatrix } from './confusion-matrix.js';
import { labelAgreement, wilsonInterval } from './label-agreement.js';
import { nearestDistances } from './nearest-distances.js';
import { meanWithinClassDistance } from './within-class-distance.js';

const points = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), dimensions: rows[0]?.length ?? 1 });
const normals = (count: number, dimensions: number, step: number) => ({
  data: new PhiloxStream({ seed: 21, purpose: 'noise', step }).fillNormal(new Float32Array(count * dimensions)),
  dimensions,
});

describe('meanWithinClassDistance', () => {
  it('averages the distances of pairs within a class: a 3-4-5 triangle and a pair at distance 2', () => {
    const triangle = points([
      [0, 0],
      [3, 0],
      [9, 9],
      [0, 4],
      [9, 11],
    ]);
    expect(meanWithinClassDistance(triangle, [0, 0, 1, 0, 1])).toBe((3 + 4 + 5 + 2) / 4);
  });

  it('is 0 for copies of one prototype', () => {
    expect(
      meanWithinClassDistance(
        points([
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
        [7, 7, 7],
      ),
    ).toBe(0);
  });

  it('is 2/√π for standard normal numbers (4 standard errors)', () => {
    const count = 2000;
    const mean = meanWithinClassDistance(normals(count, 1, 0), new Uint8Array(count));
    // Var of the mean is 4·Var(E[|x−y| | x])/n = 4·0.163/n.
    expect(Math.abs(mean - 2 / Math.sqrt(Math.PI))).toBeLessThan(4 * Math.sqrt((4 * 0.163) / count));
  });

  it('refuses classes of single points, missing labels and broken rows', () => {
    expect(() => meanWithinClassDistance(points([[1], [2]]), [0, 1])).toThrow('no class has two points');
    expect(() => meanWithinClassDistance(points([[1], [2]]), [0])).toThrow('2 points need as many labels, got 1');
    expect(() => meanWithinClassDistance({ data: new Float32Array(3), dimensions: 2 }, [0])).toThrow('3 numbers');
  });
});

describe('nearestDistances', () => {
  it('finds the nearest reference of each query', () => {
    expect([
      ...nearestDistances(
        points([
          [0, 0],
          [10, 0],
        ]),
        points([
          [3, 4],
          [10, 1],
          [20, 20],
        ]),
      ),
    ]).toEqual([5, 1]);
  });

  it('is 0 for a training image itself', () => {
    const references = normals(50, 8, 1);
    expect(Math.max(...nearestDistances(references, references))).toBe(0);
  });

  it.each([1, 7, 64, 1000])('does not depend on the block size %d', (block) => {
    const [queries, references] = [normals(20, 5, 2), normals(150, 5, 3)];
    expect(nearestDistances(queries, references, block)).toEqual(nearestDistances(queries, references));
  });

  it('refuses other dimensions, no references and an empty block', () => {
    expect(() => nearestDistances(points([[1]]), points([[1, 2]]))).toThrow('needs references of 1 dimensions');
    expect(() => nearestDistances(points([[1]]), { data: new Float32Array(0), dimensions: 1 })).toThrow('got 0 of 1');
    expect(() => nearestDistances(points([[1]]), points([[1]]), 0)).toThrow('at least 1, got 0');
  });
});

describe('labelAgreement', () => {
  it('counts matches and gives the Wilson interval', () => {
    expect(labelAgreement([0, 1, 2, 3], [0, 1, 2, 2])).toMatchObject({ agreement: 0.75, count: 4 });
  });

  it('has the ends that solve |p̂ − p| = z·√(p(1 − p)/n)', () => {
    const [n, z] = [500, 1.959964];
    for (const successes of [0, 3, 250, 465, 500]) {
      const { lower, upper } = wilsonInterval(successes, n);
      for (const p of [lower, upper]) {
        if (p > 0 && p < 1) expect(Math.abs(Math.abs(successes / n - p) - z * Math.sqrt((p * (1 - p)) / n))).toBeLessThan(1e-9);
      }
      expect(lower).toBeLessThanOrEqual(successes / n);
      expect(upper).toBeGreaterThanOrEqual(successes / n);
    }
  });

  it('reproduces a textbook interval: 9 of 10 gives 0.596 … 0.982', () => {
    const { lower, upper } = wilsonInterval(9, 10);
    expect(lower).toBeCloseTo(0.5958, 4);
    expect(upper).toBeCloseTo(0.9821, 4);
  });

  it.each([
    [-1, 5],
    [6, 5],
    [0, 0],
  ])('refuses %d successes of %d', (successes, count) => {
    expect(() => wilsonInterval(successes, count)).toThrow(`got ${successes} of ${count}`);
  });

  it('takes a single label', () => {
    expect(labelAgreement([3], [3])).toMatchObject({ agreement: 1, upper: 1, count: 1 });
  });

  it('refuses unequal lengths and no labels at all', () => {
    expect(() => labelAgreement([1], [1, 2])).toThrow('1 requested labels, but 2 classified');
    expect(() => labelAgreement([], [])).toThrow('got 0 of 0');
  });
});

describe('confusionMatrix', () => {
  it('has a row for each requested label and a column for each answer', () => {
    expect(confusionMatrix([0, 0, 1, 2, 2], [0, 1, 1, 2, 0], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 1],
    ]);
  });

  it.each([
    [[3], [0]],
    [[0], [3]],
    [[0], [-1]],
    [[0.5], [0]],
  ])('refuses the labels %j → %j of three classes', (a, b) => {
    expect(() => confusionMatrix(a, b, 3)).toThrow(/^sample 0: labels .* must be 0 … 2$/);
  });

  it('refuses unequal lengths', () => {
    expect(() => confusionMatrix([1], [], 2)).toThrow('1 requested labels, but 0 classified');
  });
});
