import { alignCurves } from './align-curves.js';

const curve = (name: string, x: number[], last: number[]) => ({ name, series: { x, min: last, max: last, last } });

describe('alignCurves', () => {
  it('unites the axes and leaves holes where a curve has no point', () => {
    const [x, a, b] = alignCurves([curve('a', [0, 10, 20], [3, 2, 1]), curve('b', [5, 10], [7, 8])], 0, false);
    expect(x).toEqual([0, 5, 10, 20]);
    expect(a).toEqual([3, undefined, 2, 1]);
    expect(b).toEqual([undefined, 7, 8, undefined]);
  });

  it('leaves out what a logarithmic axis cannot show', () => {
    expect(alignCurves([curve('a', [0, 1], [0, 2])], 0, true)).toEqual([[0, 1], [undefined, 2]]);
  });

  it('is empty without curves', () => {
    expect(alignCurves([], 0.9, false)).toEqual([[]]);
  });
});
