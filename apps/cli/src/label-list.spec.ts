import { labelList } from './label-list.js';

describe('labelList', () => {
  it('repeats one label', () => {
    expect(labelList('7', 3, 10)).toEqual([7, 7, 7]);
  });

  it('takes several in turn', () => {
    expect(labelList('0,1,2', 5, 10)).toEqual([0, 1, 2, 0, 1]);
  });

  it('draws 16 images, or one of each label when there are more', () => {
    expect(labelList('3', undefined, 10)).toHaveLength(16);
    expect(labelList('all', undefined, 20)).toHaveLength(20);
  });

  it.each(['x', '10', '-1', '1.5', '1;2'])('refuses %s', (text) => {
    expect(() => labelList(text, 1, 10)).toThrow(`--label ${text}: give labels from 0 to 9, as 7 or 0,1,2, or "all"`);
  });

  it('refuses an empty entry', () => {
    expect(() => labelList('', 1, 0)).toThrow(/--label/);
  });
});
