import { numericsDifferences } from './numerics-class.js';

describe('numericsDifferences', () => {
  it('finds none between equal classes, whatever the order of their fields', () => {
    expect(numericsDifferences({ threads: '1', cpu: 'x' }, { cpu: 'x', threads: '1' })).toEqual([]);
  });

  it('names each field with both values', () => {
    expect(numericsDifferences({ threads: '1', cpu: 'x' }, { threads: '2', isa: 'avx2' })).toEqual([
      'cpu is "absent", the job needs "x"',
      'isa is "avx2", the job needs "absent"',
      'threads is "2", the job needs "1"',
    ]);
    expect(numericsDifferences({ threads: '1' }, {}, 'the archive')).toEqual(['threads is "absent", the archive needs "1"']);
  });
});
