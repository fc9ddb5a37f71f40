import { table } from './output.js';

describe('table', () => {
  it('lines columns up and leaves no trailing blanks', () => {
    expect(table(['NAME', 'STEP'], [['digits-ddpm', '5'], ['x', '940']])).toBe('NAME         STEP\ndigits-ddpm  5\nx            940');
  });

  it('is the heading alone when there is nothing', () => {
    expect(table(['NAME'], [])).toBe('NAME');
  });
});
