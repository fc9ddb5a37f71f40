import { evenIndices, noiseLayout, stepsLayout } from './cell.js';

describe('noiseLayout', () => {
  it('puts labels across, and down where it is narrow', () => {
    const wide = noiseLayout(['0', '1', '2'], 2, false);
    expect([wide.rows, wide.columns]).toEqual([['noise 1', 'noise 2'], ['0', '1', '2']]);
    expect(wide.cells[1]?.[2]).toEqual({ picture: 0, row: 2, column: 1 });
    const narrow = noiseLayout(['0', '1', '2'], 2, true);
    expect([narrow.rows, narrow.columns]).toEqual([['0', '1', '2'], ['noise 1', 'noise 2']]);
    expect(narrow.cells[2]?.[1]).toEqual({ picture: 0, row: 2, column: 1 });
  });
});

describe('stepsLayout', () => {
  it('takes the same column of each picture', () => {
    expect(stepsLayout(['0', '1'], ['10', '20'], 3).cells).toEqual([
      [{ picture: 0, row: 0, column: 3 }, { picture: 1, row: 0, column: 3 }],
      [{ picture: 0, row: 1, column: 3 }, { picture: 1, row: 1, column: 3 }],
    ]);
  });
});

describe('evenIndices', () => {
  it('spreads evenly and ends at the last', () => {
    expect(evenIndices(9, 4)).toEqual([0, 3, 6, 9]);
    expect(evenIndices(2, 8)).toEqual([0, 1, 2]);
    expect(evenIndices(0, 8)).toEqual([0]);
    expect(evenIndices(-1, 8)).toEqual([]);
  });
});
