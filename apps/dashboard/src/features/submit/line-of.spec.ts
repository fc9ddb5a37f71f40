import { lineOf } from './line-of.js';

const yaml = `# name: not this one
name: digits
dataset: { name: mnist-digits, split: train }
training:
  steps: 800 # steps: 3
  adam:
    beta1: 0.9
`;

describe('lineOf', () => {
  it.each([
    ['name', 2],
    ['dataset', 3],
    ['dataset.name', 3],
    ['training.steps', 5],
    ['training.adam.beta1', 7],
  ])('finds %s on line %d', (path, line) => {
    expect(lineOf(yaml, path)).toBe(line);
  });

  it('gives the line of the last key that is there, if any', () => {
    expect(lineOf(yaml, 'training.microBatch')).toBe(4);
    expect(lineOf(yaml, 'seed')).toBeUndefined();
    expect(lineOf(yaml, '')).toBeUndefined();
  });
});
