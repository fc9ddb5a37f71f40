import { remainingMs } from './remaining-time.js';

const run = { phase: 'running', step: 40, totalSteps: 100, imagesPerSecond: 32, spec: { training: { virtualWorkers: 8, microBatch: 4 } } } as const;

describe('remainingMs', () => {
  it('is the images left by the images a second', () => {
    expect(remainingMs(run)).toBe(60_000);
  });

  it.each([{ phase: 'failed' as const }, { imagesPerSecond: 0 }, { spec: {} }])('is unknown with %j', (change) => {
    expect(remainingMs({ ...run, ...change })).toBeNull();
  });
});
