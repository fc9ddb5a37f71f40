import { compareSearch, curvesSearch, samplesSearch } from './search.js';

describe('the fields of an address', () => {
  it('are read when they are right', () => {
    expect(curvesSearch({ x: 'time', smooth: 0.5, log: false, from: 3 })).toEqual({ x: 'time', smooth: 0.5, log: false, from: 3 });
    expect(compareSearch({ runs: ['a', 'b'], key: 'gradientNorm' })).toEqual({ runs: ['a', 'b'], key: 'gradientNorm' });
    expect(samplesSearch({ cell: [7, 1], view: 'steps', step: 0 })).toEqual({ cell: [7, 1], view: 'steps', step: 0 });
  });

  it('are left out one by one when they are not', () => {
    expect(curvesSearch({ x: 'epoch', smooth: 2, log: 'no', from: -1, to: 9, foreign: 1 })).toEqual({ to: 9 });
    expect(compareSearch({ runs: ['a', 3], key: 'accuracy' })).toEqual({});
    expect(samplesSearch({ cell: [7], view: 'all', column: 1.5 })).toEqual({});
  });
});
