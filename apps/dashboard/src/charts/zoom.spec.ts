import { panned, zoomed } from './zoom.js';

const whole = { from: 0, to: 1000 };

describe('zoomed', () => {
  it('halves about the middle', () => {
    expect(zoomed({ from: 200, to: 600 }, whole, 0.5)).toEqual({ from: 300, to: 500 });
  });

  it('ends at everything, and keeps two units at least', () => {
    expect(zoomed({ from: 200, to: 800 }, whole, 2)).toBeUndefined();
    expect(zoomed({ from: 500, to: 502 }, whole, 0.5)).toEqual({ from: 500, to: 502 });
  });
});

describe('panned', () => {
  it('moves by a share of the width and stops at the ends', () => {
    expect(panned({ from: 200, to: 400 }, whole, 0.5)).toEqual({ from: 300, to: 500 });
    expect(panned({ from: 700, to: 900 }, whole, 1)).toEqual({ from: 800, to: 1000 });
    expect(panned({ from: 100, to: 300 }, whole, -1)).toEqual({ from: 0, to: 200 });
  });
});
