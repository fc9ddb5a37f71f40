import { createHash } from 'node:crypto';
import { philox4x32 } from './philox.js';
import { PhiloxStream, seedKey } from './philox-stream.js';
import { Purpose } from './purpose.js';

const stream = (seed: number | bigint = 1) => new PhiloxStream({ seed, purpose: 'noise', step: 3, sample: 4 });
const sha256 = (values: Float32Array | Uint32Array) => createHash('sha256').update(values).digest('hex');

/** Standard normal distribution function: Abramowitz & Stegun 7.1.26 for erf, absolute error below 1.5e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - poly * Math.exp(-x * x);
  return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}

/** sup |F_n − F| · √n; above 1.63 with probability 0.01 when the sample does follow F. */
function kolmogorovSmirnov(sample: Float32Array, cdf: (x: number) => number): number {
  const sorted = Float32Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, Math.abs((i + 1) / n - p), Math.abs(i / n - p));
  });
  return distance * Math.sqrt(n);
}

describe('PhiloxStream', () => {
  it('reads the Philox blocks of counter (block, sample, step, purpose) in order', () => {
    const s = stream(0x1234567890abcdefn);
    const expected = [0, 1].flatMap((b) => [...philox4x32([b, 4, 3, Purpose.noise], [0x90abcdef, 0x12345678])]);
    expect(Array.from({ length: 8 }, () => s.uint32())).toEqual(expected);
  });

  it('keeps its golden bits: normals, uniforms and words of seed 1', () => {
    expect(sha256(stream().fillNormal(new Float32Array(4096)))).toBe('d6674bfaa9ab5fdefe9e913554ed2559c3d4d579d2f49220b1dca008f6f2adae');
    expect(sha256(stream().fillUniform(new Float32Array(4096)))).toBe('575410cd0ae8fe94eea72643e0a9784fdd7900a45e1db84856d19f4f453afc05');
    const s = stream();
    expect(sha256(Uint32Array.from({ length: 64 }, () => s.uniformInt(1000)))).toBe(
      '1c1ab615e3f2a3e6d0f2a379dc8380002543faec425f0be00042481cbfba470a',
    );
  });

  it('gives different numbers when seed, purpose, step or sample differs', () => {
    const id = { seed: 1, purpose: 'noise', step: 3, sample: 4 } as const;
    const others = [
      { ...id, seed: 2 },
      { ...id, seed: 2n ** 32n + 1n },
      { ...id, purpose: 'timestep' as const },
      { ...id, step: 4 },
      { ...id, sample: 5 },
      { ...id, step: 4, sample: 3 },
    ];
    const first = new Set([id, ...others].map((o) => new PhiloxStream(o).uint32()));
    expect(first.size).toBe(1 + others.length);
  });

  it('treats a number and an equal bigint as one seed', () => {
    expect(seedKey(2 ** 40 + 7)).toEqual(seedKey(2n ** 40n + 7n));
    expect(seedKey(2n ** 64n - 1n)).toEqual([0xffffffff, 0xffffffff]);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN, 2n ** 64n, -1n])('refuses the seed %s', (seed) => {
    expect(() => seedKey(seed)).toThrow(/seed/);
  });

  it('refuses a sample, a step or a range that is no unsigned 32-bit integer', () => {
    expect(() => new PhiloxStream({ seed: 1, purpose: 'noise', sample: 2 ** 32 })).toThrow('sample 4294967296');
    expect(() => new PhiloxStream({ seed: 1, purpose: 'noise', step: -1 })).toThrow('step -1');
    expect(() => stream().uniformInt(0)).toThrow('at least 1');
  });

  it('begins a longer run of normals like a shorter one, and uses whole blocks when words are drawn before or after', () => {
    const long = stream().fillNormal(new Float32Array(10));
    const short = stream().fillNormal(new Float32Array(7));
    expect([...short]).toEqual([...long.subarray(0, 7)]);
    const mixed = stream();
    mixed.uint32();
    const rest = mixed.fillNormal(new Float32Array(4));
    expect([...rest]).toEqual([...long.subarray(4, 8)]);
    expect(mixed.uint32()).toBe(philox4x32([2, 4, 3, Purpose.noise], [1, 0])[0]);
  });

  it('draws uniforms in [0, 1) that pass a Kolmogorov–Smirnov test at 1 %', () => {
    const sample = stream(11).fillUniform(new Float32Array(50_000));
    expect(Math.max(...sample.subarray(0, 1000))).toBeLessThan(1);
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(1.63);
  });

  it('draws normals that pass a Kolmogorov–Smirnov test at 1 %', () => {
    expect(kolmogorovSmirnov(stream(12).fillNormal(new Float32Array(50_000)), normalCdf)).toBeLessThan(1.63);
  });

  it('draws normals whose first four moments and neighbour correlations are right within 4 standard errors', () => {
    const n = 100_000;
    const z = stream(13).fillNormal(new Float32Array(n));
    const moments = [0, 0, 0, 0];
    const correlations = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      for (let k = 0, power = z[i]!; k < 4; k++, power *= z[i]!) {
        moments[k]! += power / n;
        correlations[k]! += (z[i]! * z[(i + k + 1) % n]!) / n;
      }
    }
    const error = 4 / Math.sqrt(n);
    // Variances of z, z², z³ and z⁴ are 1, 2, 15 and 96.
    expect(Math.abs(moments[0]!)).toBeLessThan(error);
    expect(Math.abs(moments[1]! - 1)).toBeLessThan(error * Math.sqrt(2));
    expect(Math.abs(moments[2]!)).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(moments[3]! - 3)).toBeLessThan(error * Math.sqrt(96));
    for (const correlation of correlations) expect(Math.abs(correlation)).toBeLessThan(error);
  });

  it('draws integers that favour no value (chi-squared, 9 degrees of freedom, 0.1 %)', () => {
    const s = stream(14);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[s.uniformInt(10)]! += 1;
    expect(counts.reduce((sum, c) => sum + (c - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
    expect(counts).toHaveLength(10);
  });

  it('rejects words that would favour some values: all remainders of 3·2³⁰ by 3 are equally frequent', () => {
    // Without rejection two words of every four would give a multiple of 3.
    const s = stream(15);
    const counts = [0, 0, 0];
    for (let i = 0; i < 12_000; i++) counts[s.uniformInt(3 * 2 ** 30) % 3]! += 1;
    for (const count of counts) expect(Math.abs(count - 4_000)).toBeLessThan(4 * Math.sqrt(12_000 * (2 / 9)));
  });
});
