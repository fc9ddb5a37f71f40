import { chartSummary } from './chart-summary.js';
import { toCurve } from './curve.js';

const series = { x: [0, 10, 20], min: [1, 0.25, 0], max: [4, 3, 0.5], last: [2, 1, 0] };

describe('chartSummary', () => {
  it('says where the curve runs and between which values', () => {
    expect(chartSummary('Loss', toCurve(series, 0, false), 'step')).toBe('Loss, steps 0 to 20: last 0.000, least 0.000, greatest 4.000.');
  });

  it('leaves out what a logarithmic axis does not show', () => {
    expect(chartSummary('Loss', toCurve(series, 0, true), 'step')).toBe('Loss, steps 0 to 20: last 1.000, least 0.2500, greatest 4.000.');
    const zeros = { x: [0], min: [0], max: [0], last: [0] };
    expect(chartSummary('Loss', toCurve(zeros, 0, true), 'step')).toBe('Loss: nothing above zero.');
  });

  it('says so when there is nothing', () => {
    expect(chartSummary('Loss', toCurve({ x: [], min: [], max: [], last: [] }, 0, false), 'step')).toBe('Loss: no points yet.');
  });
});
