import { manyMetricsSchema, runMetricsSchema } from '@langevin/contracts/api';
import { readManyMetrics, readRunMetrics } from './read-metrics.js';

const series = { x: [1, 2], min: [1, 1], max: [2, 2], last: [1.5, 1.5] };
const metrics = { x: 'step', keys: { loss: series, learningRate: series }, lastStep: 2 };

describe('readRunMetrics', () => {
  it('reads what the schema of the API reads', () => {
    expect(readRunMetrics(metrics)).toEqual(runMetricsSchema.parse(metrics));
    expect(readRunMetrics({ ...metrics, lastStep: null, keys: {} })).toEqual({ x: 'step', keys: {}, lastStep: null });
  });

  it.each([null, 'no curves', [], { ...metrics, x: 'epoch' }, { ...metrics, keys: [] }, { ...metrics, lastStep: '2' }, { ...metrics, keys: { loss: { ...series, min: ['1'] } } }, { ...metrics, keys: { loss: {} } }])('refuses %j', (answer) => {
    expect(readRunMetrics(answer)).toBeUndefined();
    expect(runMetricsSchema.safeParse(answer).success).toBe(false);
  });
});

describe('readManyMetrics', () => {
  it('reads the curves of each run, and refuses all when one is none', () => {
    const answer = { runs: { digits: metrics, letters: { ...metrics, keys: {} } } };
    expect(readManyMetrics(answer)).toEqual(manyMetricsSchema.parse(answer));
    expect(readManyMetrics({ runs: { ...answer.runs, other: 3 } })).toBeUndefined();
    expect(readManyMetrics({})).toBeUndefined();
  });
});
