import { bicubic, medianFill, medianFilter, smoothFill } from './baselines.js';
import { judgeRestoration } from './judge-restoration.js';
import { psnr } from './psnr.js';

describe('bicubic', () => {
  it('follows a parabola exactly, away from the edges, in both directions and by channel', () => {
    const [size, factor] = [8, 3];
    const f = (y: number, x: number, c: number) => (c === 0 ? 0.1 * x * x - 0.3 * y : 0.05 * y * y + x);
    const images = Float32Array.from({ length: size * size * 2 }, (_, i) => f(Math.floor(i / (2 * size)), Math.floor(i / 2) % size, i % 2));
    const large = bicubic(images, [size, size, 2], factor);
    for (let y = 2 * factor; y < (size - 2) * factor; y++) {
      for (let x = 2 * factor; x < (size - 2) * factor; x++) {
        for (const c of [0, 1]) expect(large[(y * size * factor + x) * 2 + c]).toBeCloseTo(f((y + 0.5) / factor - 0.5, (x + 0.5) / factor - 0.5, c), 4);
      }
    }
  });

  it('keeps flat images flat to their edges, each by itself', () => {
    const large = bicubic(Float32Array.of(1, 1, 1, 1, -2, -2, -2, -2), [2, 2, 1], 2);
    large.forEach((value, i) => expect(value).toBeCloseTo(i < 16 ? 1 : -2, 6));
  });
});

describe('medianFilter', () => {
  it('takes single pixels away and keeps straight edges', () => {
    const image = Float32Array.of(0, 0, 1, 1, 0, 9, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1);
    expect([...medianFilter(image, [4, 4, 1])]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('keeps channels and images apart', () => {
    const pixels = Float32Array.from({ length: 2 * 9 * 2 }, (_, i) => (i % 2) + 10 * Math.floor(i / 18));
    expect([...medianFilter(pixels, [3, 3, 2])]).toEqual([...pixels]);
  });
});

describe('filling holes', () => {
  const mask = [1, 1, 1, 1, 0, 0, 1, 0, 0];

  it('by medians goes inwards from the edge, and keeps what is known', () => {
    const image = Float32Array.of(1, 2, 3, 4, 9, 9, 7, 9, 9);
    const filled = medianFill(image, [3, 3, 1], mask);
    // The middle knows 1, 2, 3, 4, 7; its right neighbour 2, 3; the one below 4, 7; the corner what those became: 3, 2.5, 5.5.
    expect([...filled]).toEqual([1, 2, 3, 4, 3, 2.5, 7, 5.5, 3]);
  });

  it('smoothly solves Laplace’s equation: a ramp is a ramp', () => {
    const ramp = Float32Array.from({ length: 50 }, (_, i) => (i % 5) + 100 * Math.floor(i / 25));
    const hole = Array.from({ length: 25 }, (_, i) => Number(!(i % 5 > 0 && i % 5 < 4 && i > 5 && i < 20)));
    const filled = smoothFill(ramp.map((value, i) => (hole[i % 25] === 1 ? value : 77)), [5, 5, 1], hole);
    filled.forEach((value, i) => expect(value).toBeCloseTo(ramp[i]!, 3));
  });
});

describe('psnr', () => {
  it('is 10·log₁₀(4/mse) of each image, of values as a picture shows them', () => {
    const [clean, images] = [Float32Array.of(0, 0, 1, 1), Float32Array.of(0.2, -0.2, 5, 1)];
    const [first, second] = psnr(images, clean, 2);
    expect(first).toBeCloseTo(20, 5);
    expect(second).toBe(Infinity);
  });
});

describe('judgeRestoration', () => {
  const clean = { images: Float32Array.of(-1, -1, 1, 1, -1, -1), imageShape: [1, 2, 1] as const, labels: [0, 1, 0] };

  it('is the mean over images, each with its error; the judge sees what a picture shows', async () => {
    const seen: number[] = [];
    const judge = { predict: (images: Float32Array) => (seen.push(...images), Promise.resolve(Uint8Array.of(0, 1, 1))) };
    const { psnr: ratio, agreement } = await judgeRestoration(Float32Array.of(-0.8, -0.8, 0.8, 0.8, -3, 0), clean, judge);
    expect(ratio.mean).toBeCloseTo((20 + 20 + 10 * Math.log10(8)) / 3, 4);
    expect([agreement.mean, agreement.count]).toEqual([2 / 3, 3]);
    expect(seen.slice(4)).toEqual([-1, 0]);
  });

  it('refuses another number of images', async () => {
    await expect(judgeRestoration(Float32Array.of(1), clean, { predict: () => Promise.resolve(new Uint8Array()) })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
