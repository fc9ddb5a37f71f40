import { createArena, VectorArena } from '../vector-arena.js';
import { LandingSpace } from './landing-space.js';

describe('landing space', () => {
  it('gives out again what was given back, of the same size, and takes no more memory for it', () => {
    const arena = VectorArena.attach(createArena(1000));
    const space = new LandingSpace(arena);
    const [first, second] = [space.take(2000), space.take(1000)];
    for (let round = 0; round < 10; round++) {
      space.give(first, 2000);
      expect(space.take(1000)).not.toBe(first);
      expect(space.take(2000)).toBe(first);
    }
    expect(second).toBeGreaterThanOrEqual(first + 2000);
    space.free();
    expect(arena.taken).toBe(0);
  });
});
