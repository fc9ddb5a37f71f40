import { createHash } from 'node:crypto';
import { chainAfter } from './chain.js';

describe('the chain of digests', () => {
  it('is that of the one before, the result, and the state where that is asked for', () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(chainAfter('', 'a')).toBe(sha256(' a'));
    expect(chainAfter('b', 'a')).toBe(sha256('b a'));
    expect(chainAfter('b', 'a', 'c')).toBe(sha256('b a c'));
  });

  it('differs for another order of the same results, another result before, and another state', () => {
    const after = (...results: string[]): string => results.reduce((chain, result) => chainAfter(chain, result), '');
    const all = [after('a', 'b'), after('b', 'a'), after('c', 'b'), after('ab'), chainAfter(after('a'), 'b', 's'), chainAfter(after('a'), 'b', 't')];
    expect(new Set(all).size).toBe(all.length);
  });
});
