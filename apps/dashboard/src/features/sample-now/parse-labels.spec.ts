import { parseLabels } from './parse-labels.js';

describe('parseLabels', () => {
  it.each([
    ['7', 1, [7]],
    ['3, 5 5', 1, [3, 5, 5]],
    ['0-3', 1, [0, 1, 2, 3]],
    ['1–2', 2, [1, 1, 2, 2]],
  ])('reads "%s" times %d', (text, each, labels) => {
    expect(parseLabels(text, each, 256)).toEqual({ labels });
  });

  it.each([
    ['seven', '"seven" is no label: write 7, or 0-9'],
    ['9-0', '"9-0" runs backwards'],
    ['', 'at least one label is needed'],
    ['0-99999', 'more than 256 images'],
  ])('says what is wrong with "%s"', (text, problem) => {
    expect(parseLabels(text, 1, 256)).toEqual({ problem });
  });
});
