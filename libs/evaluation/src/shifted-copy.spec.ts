import { shiftedCopy } from './shifted-copy.js';

const source = Float32Array.of(9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6);

/** The second of two 2×3 images, moved, in the first place of a row of two. */
function moved(down: number, right: number): number[] {
  const target = new Float32Array(12).fill(7);
  shiftedCopy(source, 1, target, 0, [2, 3, 1], [down, right], 0);
  expect([...target.subarray(6)]).toEqual([7, 7, 7, 7, 7, 7]);
  return [...target.subarray(0, 6)];
}

describe('shiftedCopy', () => {
  it.each([
    [0, 0, [1, 2, 3, 4, 5, 6]],
    [1, 0, [0, 0, 0, 1, 2, 3]],
    [-1, 0, [4, 5, 6, 0, 0, 0]],
    [0, 1, [0, 1, 2, 0, 4, 5]],
    [0, -2, [3, 0, 0, 6, 0, 0]],
    [1, -1, [0, 0, 0, 2, 3, 0]],
    [2, 0, [0, 0, 0, 0, 0, 0]],
    [0, 3, [0, 0, 0, 0, 0, 0]],
    [0, -4, [0, 0, 0, 0, 0, 0]],
  ])('moves an image %i down and %i right, and fills what is left', (down, right, expected) => {
    expect(moved(down, right)).toEqual(expected);
  });

  it('moves whole pixels, whatever their channels', () => {
    const target = new Float32Array(6);
    shiftedCopy(Float32Array.of(1, 2, 3, 4, 5, 6), 0, target, 0, [1, 3, 2], [0, 1], -1);
    expect([...target]).toEqual([-1, -1, 1, 2, 3, 4]);
  });
});
