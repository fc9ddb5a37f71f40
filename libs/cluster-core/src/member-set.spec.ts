import fc from 'fast-check';
import { isIn, nobody, withPlace } from './member-set.js';

describe('a member set', () => {
  it('holds whom it was given, in any order, and no other', () => {
    const property = fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 })), (places) => {
      const set = places.reduce(withPlace, nobody);
      expect(set.count).toBe(places.length);
      for (let place = 0; place <= 200; place++) expect(isIn(set, place)).toBe(places.includes(place));
      expect(JSON.parse(JSON.stringify(set))).toEqual(set);
    });
    fc.assert(property, { seed: 3 });
  });

  it('is not changed by one that grows from it', () => {
    const small = withPlace(nobody, 31);
    withPlace(small, 32);
    expect([isIn(small, 32), small.count, nobody.count]).toEqual([false, 1, 0]);
  });
});
