import { parameterLayout } from './parameter-layout.js';

describe('parameterLayout', () => {
  it('places tensors one behind the other', () => {
    const { entries, total } = parameterLayout([
      { name: 'a', kind: 'matrix', shape: [2, 3], fanIn: 2 },
      { name: 'b', kind: 'bias', shape: [3], fanIn: 2 },
    ]);
    expect(entries.map(({ offset, size }) => [offset, size])).toEqual([[0, 6], [6, 3]]);
    expect(total).toBe(9);
  });

  it('refuses a name that occurs twice', () => {
    const twice = { name: 'a', kind: 'bias', shape: [3], fanIn: 2 } as const;
    expect(() => parameterLayout([twice, twice])).toThrow('parameter a is declared twice');
  });
});
