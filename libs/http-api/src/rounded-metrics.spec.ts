import { roundedMetrics } from './rounded-metrics.js';

describe('roundedMetrics', () => {
  it('keeps six digits of each value, whatever its size, and every place exactly', () => {
    const x = [1_234_567, 1_234_568];
    const values = [0.12345678901, 12345678.9];
    const rounded = [0.123457, 12345700];
    const metrics = { x: 'step', keys: { loss: { x, min: values, max: values, last: values } }, lastStep: 1_234_568 } as const;
    expect(roundedMetrics(structuredClone(metrics))).toEqual({ x: 'step', keys: { loss: { x, min: rounded, max: rounded, last: rounded } }, lastStep: 1_234_568 });
  });
});
