import { ddpmProcess } from '../processes/ddpm-process.js';
import { decoderNats, type Decoder } from './decoder.js';
import { levelPrior } from './level-probabilities.js';
import { levelValues } from './levels.js';

const process = ddpmProcess({ num_train_timesteps: 10, beta_schedule: 'linear', beta_start: 0.01, beta_end: 0.2 });
const density = (x: number, mean: number, deviation: number) => Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
const nats = (decoder: Decoder, x0: number, x: number, estimate: number) => decoderNats(decoder, process, 0)({ x0: [7, x0], x: [7, x], estimate: [7, estimate] }, 1);

describe('decoderNats', () => {
  it.each([[2, 0.3], [5, 0.05], [256, 0.004], [256, 1]])('gives the levels all of the probability: %d levels, deviation %d', (levels, deviation) => {
    for (const estimate of [-1.2, 0.013, 0.9]) {
      for (const decoder of [{ kind: 'discretized', deviation, levels }, { kind: 'bayes', levels }, { kind: 'bayes', levels, prior: levelValues(levels).map((value) => 2 + value) }] as const) {
        const total = levelValues(levels).reduce((sum, x0) => sum + Math.exp(-nats(decoder, x0, estimate, estimate)), 0);
        expect(Math.abs(total - 1)).toBeLessThan(1e-10);
      }
    }
  });

  it('discretized: the mass around x̂₀ between the middles of the levels, and all beyond at the ends', () => {
    const decoder = { kind: 'discretized', deviation: 0.4, levels: 5 } as const;
    const mass = (a: number, b: number) => {
      let sum = 0;
      for (let x = a + 5e-5; x < b; x += 1e-4) sum += density(x, 0.3, 0.4) * 1e-4;
      return sum;
    };
    const edges = [-5, -0.75, -0.25, 0.25, 0.75, 5];
    levelValues(5).forEach((x0, level) => expect(Math.abs(Math.exp(-nats(decoder, x0, 9, 0.3)) - mass(edges[level]!, edges[level + 1]!))).toBeLessThan(1e-6));
  });

  it.each<{ prior?: number[] }>([{}, { prior: [1, 2, 0.5, 7] }])('bayes: the level from the noisy value and how frequent it is: %j', ({ prior }) => {
    const values = levelValues(4);
    const [x, alpha, sigma] = [0.28, process.alpha(0), process.sigma(0)];
    const joint = values.map((value, level) => (prior?.[level] ?? 1) * density(x, alpha * value, sigma));
    const total = joint.reduce((a, b) => a + b);
    values.forEach((value, level) => expect(Math.abs(nats({ kind: 'bayes', levels: 4, ...(prior && { prior }) }, value, x, 5) + Math.log(joint[level]! / total))).toBeLessThan(1e-9));
  });

  it('density: −ln of the normal density around x̂₀', () => {
    expect(nats({ kind: 'density', deviation: 0.2 }, 0.7, 9, 0.4)).toBeCloseTo(-Math.log(density(0.7, 0.4, 0.2)), 12);
  });

  it('takes a value for the level next to it, as float32 has it', () => {
    const decoder = { kind: 'discretized', deviation: 0.01, levels: 256 } as const;
    for (const level of [0, 1, 200, 255]) {
      const value = -1 + (2 * level) / 255;
      expect(Math.abs(nats(decoder, Math.fround(value), 0, value) - nats(decoder, value, 0, value))).toBeLessThan(1e-5);
    }
  });

  it.each([
    [{ kind: 'density', deviation: 0 }, 'a deviation above 0, got 0'],
    [{ kind: 'discretized', deviation: -1, levels: 256 }, 'a deviation above 0, got -1'],
    [{ kind: 'discretized', deviation: 1, levels: 1 }, 'two or more levels, got 1'],
    [{ kind: 'bayes', levels: 2.5 }, 'two or more levels, got 2.5'],
    [{ kind: 'bayes', levels: -1 }, 'two or more levels, got -1'],
    [{ kind: 'bayes', levels: 3, prior: [1, 2] }, 'a prior of 3 levels has as many numbers above 0, got 2 of which the least is 1'],
    [{ kind: 'bayes', levels: 3, prior: [1, 0, 2] }, 'got 3 of which the least is 0'],
  ] as [Decoder, string][])('refuses %j', (decoder, message) => {
    expect(() => decoderNats(decoder, process, 0)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
  });
});

describe('levelPrior', () => {
  it('counts levels, and one more of each', () => {
    expect([...levelPrior(Float32Array.of(-1, 1, 1, 1 / 3, 1), 4)]).toEqual([2, 1, 2, 4].map((count) => count / 9));
    const bytes = levelPrior(Float32Array.from({ length: 512 }, (_, i) => -1 + (2 * (i % 256)) / 255));
    expect([bytes.length, new Set(bytes).size, bytes[255]]).toEqual([256, 1, 3 / 768]);
  });
});
