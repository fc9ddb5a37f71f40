import { retried, type RetryPolicy } from './retry.js';

const policy: RetryPolicy = { attempts: 3, baseMs: 2, capMs: 3, random: () => 0.5 };

describe('retried', () => {
  it('does it again until it works, and says which try it is', async () => {
    const tries: number[] = [];
    const result = await retried(policy, () => true, (attempt) => {
      tries.push(attempt);
      return attempt < 3 ? Promise.reject(new Error('busy')) : Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(tries).toEqual([1, 2, 3]);
  });

  it('gives up after so many tries, with the last error', async () => {
    await expect(retried(policy, () => true, (attempt) => Promise.reject(new Error(`try ${attempt}`)))).rejects.toThrow('try 3');
  });

  it('does not do again what will not pass', async () => {
    await expect(retried(policy, () => false, (attempt) => Promise.reject(new Error(`try ${attempt}`)))).rejects.toThrow('try 1');
  });
});
