import { differingValues, newestCommonStep } from './compare-runs.js';

describe('the newest step that all curves have', () => {
  it.each([
    ['the last of the shortest', [[1, 2, 3, 4], [1, 2, 3]], 3],
    ['one before a gap', [[1, 2, 3, 6, 7], [1, 2, 3, 4, 5]], 3],
    ['one of three', [[2, 4, 6, 8], [3, 4, 5, 6], [4, 5, 7]], 4],
    ['none where one is empty', [[1, 2], []], null],
    ['none where they never meet', [[1, 3], [2, 4]], null],
  ])('is %s', (_what, curves, expected) => {
    expect(newestCommonStep(curves)).toBe(expected);
  });
});

describe('differing values of specifications', () => {
  it('are told by their path, with null where there is none; the name is no difference', () => {
    const one = { name: 'one', seed: 1, model: { channels: [8, 8] }, training: { steps: 4, ema: { power: 0.75 } } };
    const two = { name: 'two', seed: 1, model: { channels: [8, 16] }, training: { steps: 4, clipNorm: 1, ema: { power: 0.75 } } };
    expect(differingValues([one, two])).toEqual([
      { path: 'model.channels', values: [[8, 8], [8, 16]] },
      { path: 'training.clipNorm', values: [null, 1] },
    ]);
    expect(differingValues([one, { ...one, name: 'twin' }])).toEqual([]);
  });
});
