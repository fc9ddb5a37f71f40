import { PhiloxStream } from '../rng/philox-stream.js';
import { classifierFreeLabels } from './classifier-free-labels.js';
import { learningRateAt } from './learning-rate.js';
import { trainingNoise } from './training-noise.js';

describe('learningRateAt', () => {
  const options = { learningRate: 6e-4, warmupSteps: 4, learningRateDecay: 'none', steps: 10 } as const;
  it('rises linearly to the full rate at the last warm-up step, then stays', () => {
    expect([0, 1, 2, 3, 4, 1000].map((step) => learningRateAt(step, options))).toEqual(
      [1.5e-4, 3e-4, 4.5e-4, 6e-4, 6e-4, 6e-4].map(Math.fround),
    );
  });
  it('falls in a straight line to one part of the last step, if asked to', () => {
    const rates = (warmupSteps: number) => [0, 1, 2, 3, 4, 5, 8, 9].map((step) => learningRateAt(step, { ...options, warmupSteps, learningRateDecay: 'linear' }));
    expect(rates(4)).toEqual([1.5e-4, 3e-4, 4.5e-4, 6e-4, 6e-4, 5e-4, 2e-4, 1e-4].map(Math.fround));
    expect(rates(0)).toEqual([6e-4, 5.4e-4, 4.8e-4, 4.2e-4, 3.6e-4, 3e-4, 1.2e-4, 6e-5].map(Math.fround));
    expect(() => learningRateAt(10, { ...options, learningRateDecay: 'linear' })).toThrow('there is none at step 10');
  });
  it('is constant without warm-up and refuses a step that is no count', () => {
    expect(learningRateAt(0, { ...options, warmupSteps: 0 })).toBe(Math.fround(6e-4));
    expect(() => learningRateAt(-1, options)).toThrow('steps count from 0, got -1');
  });
});

describe('classifierFreeLabels', () => {
  it('replaces exactly the labels whose number lies below the probability', () => {
    expect([...classifierFreeLabels([3, 1, 4, 1], 0.15, 10, [0.14, 0.15, 0, 0.99])]).toEqual([10, 1, 10, 1]);
  });
  it('replaces none at 0 and all at 1', () => {
    expect([...classifierFreeLabels([3, 1], 0, 10, [0, 0.5])]).toEqual([3, 1]);
    expect([...classifierFreeLabels([3, 1], 1, 10, [0, 0.999])]).toEqual([10, 10]);
  });
  it('refuses unequal lengths and an impossible probability', () => {
    expect(() => classifierFreeLabels([3, 1], 0.1, 10, [0])).toThrow('2 labels need as many uniforms, got 1');
    expect(() => classifierFreeLabels([3], 1.1, 10, [0])).toThrow('1.1 lies outside');
  });
});

describe('trainingNoise', () => {
  const id = { seed: 9, step: 5, sample: 17 };
  it('is a function of seed, step and sample alone', () => {
    const [a, b] = [0, 1].map(() => trainingNoise(id, 1000, new Float32Array(16)));
    expect(a).toEqual(b);
    for (const other of [
      { ...id, seed: 10 },
      { ...id, step: 6 },
      { ...id, sample: 18 },
    ]) {
      expect(trainingNoise(other, 1000, new Float32Array(16)).eps).not.toEqual(a!.eps);
    }
  });
  it('takes time, noise and dropout number from three streams', () => {
    const { t, eps, dropUniform } = trainingNoise(id, 1000, new Float32Array(16));
    expect(t).toBe(new PhiloxStream({ ...id, purpose: 'timestep' }).uniformInt(1000));
    expect(eps).toEqual(new PhiloxStream({ ...id, purpose: 'noise' }).fillNormal(new Float32Array(16)));
    expect(dropUniform).toBe(new PhiloxStream({ ...id, purpose: 'labelDropout' }).uniform());
  });
  it('spreads times evenly over 0 … T−1 and independently of the dropout number (4 standard errors)', () => {
    const draws = Array.from({ length: 4000 }, (_, sample) => trainingNoise({ ...id, sample }, 1000, new Float32Array(4)));
    const mean = (f: (d: (typeof draws)[number]) => number) => draws.reduce((sum, d) => sum + f(d), 0) / draws.length;
    const [time, drop] = [(d: (typeof draws)[number]) => (d.t + 0.5) / 1000 - 0.5, (d: (typeof draws)[number]) => d.dropUniform - 0.5];
    expect(Math.abs(mean(time))).toBeLessThan(4 / Math.sqrt(12 * 4000));
    expect(Math.abs(mean((d) => time(d) * drop(d)))).toBeLessThan(4 / (12 * Math.sqrt(4000)));
    expect(Math.min(...draws.map((d) => d.t))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws.map((d) => d.t))).toBeLessThan(1000);
  });
});
