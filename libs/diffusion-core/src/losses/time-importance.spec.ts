import { ddpmProcess } from '../processes/ddpm-process.js';
import { lossWeight } from './loss-weight.js';
import { emptyLossHistory, importantTime, likelihoodTimeProbabilities, recordLosses, secondMomentProbabilities } from './time-importance.js';

const process = ddpmProcess({ num_train_timesteps: 12, beta_schedule: 'linear', beta_start: 0.001, beta_end: 0.3 });
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe('a history of losses', () => {
  it('keeps the last ones of each time, and what it was before', () => {
    const empty = emptyLossHistory(3, 2);
    const one = recordLosses(empty, [{ t: 1, loss: 5 }, { t: 0, loss: 7 }, { t: 1, loss: 6 }]);
    const two = recordLosses(one, [{ t: 1, loss: 8 }]);
    expect([empty, one, two].map(({ losses }) => losses)).toEqual([[[], [], []], [[7], [5, 6], []], [[7], [6, 8], []]]);
    expect(emptyLossHistory(4)).toEqual({ perTime: 10, losses: [[], [], [], []] });
  });

  it.each([[3], [-1], [0.5]])('refuses the time %d', (t) => {
    expect(() => recordLosses(emptyLossHistory(3), [{ t, loss: 1 }])).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `time ${t} is none of 0 … 2` }));
  });

  it('refuses a loss that is no number', () => {
    expect(() => recordLosses(emptyLossHistory(3), [{ t: 2, loss: Number.NaN }])).toThrow(expect.objectContaining({ code: 'non_finite', message: 'the loss at time 2 is NaN' }));
  });
});

describe('secondMomentProbabilities', () => {
  const full = recordLosses(emptyLossHistory(3, 2), [[0, 3], [0, 4], [1, 0], [1, 0], [2, 1], [2, -1]].map(([t, loss]) => ({ t: t!, loss: loss! })));

  it('are ∝ √E[L²], with a share of equal ones', () => {
    const roots = [Math.sqrt(12.5), 0, 1];
    for (const share of [0, 0.3]) secondMomentProbabilities(full, share).forEach((p, t) => expect(p).toBeCloseTo(((1 - share) * roots[t]!) / sum(roots) + share / 3, 12));
    expect([...secondMomentProbabilities(full)]).toEqual([...secondMomentProbabilities(full, 0.001)]);
    expect(sum(secondMomentProbabilities(full))).toBeCloseTo(1, 12);
  });

  it('are equal until every time has all of its losses, and where none has any', () => {
    const nearly = recordLosses(emptyLossHistory(2, 2), [{ t: 0, loss: 9 }, { t: 0, loss: 9 }, { t: 1, loss: 1 }]);
    expect([...secondMomentProbabilities(nearly)]).toEqual([0.5, 0.5]);
    expect([...secondMomentProbabilities(recordLosses(nearly, [{ t: 1, loss: 1 }]), 0)]).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
    const zeros = recordLosses(emptyLossHistory(2, 1), [{ t: 0, loss: 0 }, { t: 1, loss: 0 }]);
    secondMomentProbabilities(zeros).forEach((p) => expect(p).toBeCloseTo(0.5, 12));
  });

  it('make the estimate of Σ L_t exact where losses do not vary: no variance is left', () => {
    const losses = [3, 1, 0.5];
    const history = recordLosses(emptyLossHistory(3, 1), losses.map((loss, t) => ({ t, loss })));
    const p = secondMomentProbabilities(history, 0);
    losses.forEach((loss, t) => expect(loss / (3 * p[t]!)).toBeCloseTo(sum(losses) / 3, 12));
  });
});

describe('likelihoodTimeProbabilities', () => {
  it('take all of the weight of likelihood weighting', () => {
    const p = likelihoodTimeProbabilities(process);
    expect(sum(p)).toBeCloseTo(1, 12);
    const left = Array.from(p, (probability, t) => lossWeight('likelihood', 'epsilon', process, t) / probability);
    left.forEach((weight) => expect(weight / left[0]!).toBeCloseTo(1, 9));
    // g²/σ²: early times most.
    expect(p[0]).toBeGreaterThan(p[11]!);
    expect(p[3]! / p[8]!).toBeCloseTo(process.diffusion2(3) / process.sigma(3) ** 2 / (process.diffusion2(8) / process.sigma(8) ** 2), 9);
  });
});

describe('importantTime', () => {
  it.each([[[0.5, 0.25, 0.125, 0.125]], [[0.125, 0, 0.5, 0.375]], [[1]]])('has, over all uniform numbers, the mean over all times that can be: %j', (p) => {
    const f = [3, -1, 4, 1];
    const parts = 64;
    const probabilities = Float64Array.from(p);
    const draws = Array.from({ length: parts }, (_, i) => importantTime(probabilities, i / parts));
    const mean = draws.reduce((all, { t, weight }) => all + (weight * f[t]!) / parts, 0);
    expect(mean).toBeCloseTo(p.reduce((all, probability, t) => all + (probability > 0 ? f[t]! : 0), 0) / p.length, 12);
    p.forEach((probability, t) => expect(draws.filter((draw) => draw.t === t)).toHaveLength(probability * parts));
  });

  it('is the last time where rounding leaves something over', () => {
    expect(importantTime(Float64Array.of(0.1, 0.2, 0.3), 0.99).t).toBe(2);
  });

  it.each([[-0.1], [1], [Number.NaN]])('refuses %d', (uniform) => {
    expect(() => importantTime(Float64Array.of(1), uniform)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `needs a number from 0 to less than 1, got ${uniform}` }));
  });
});
