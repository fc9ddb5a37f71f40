import fc from 'fast-check';
import { Heap } from './heap.js';

it('a heap always knows the first of the least', () => {
  const property = fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 }), fc.array(fc.integer({ min: 0, max: 9 })), (keys, raises) => {
    const heap = new Heap(keys);
    const plain = [...keys];
    for (const raise of raises) {
      expect(heap.least).toBe(plain.indexOf(Math.min(...plain)));
      plain[heap.least]! += raise;
      heap.raise(plain[heap.least]!);
    }
  });
  fc.assert(property, { seed: 5 });
});
