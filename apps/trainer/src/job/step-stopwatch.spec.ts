import { StepStopwatch } from './step-stopwatch.js';

describe('a step stopwatch', () => {
  it('splits a step into what was computed, exchanged and waited', async () => {
    let now = 1000;
    const stopwatch = new StepStopwatch(() => now);
    const work = (ms: number) => async () => void (now += ms);
    expect(stopwatch.last).toBeNull();
    await stopwatch.measure('compute', work(30));
    now += 5;
    await stopwatch.measure('compute', work(10));
    now += 100;
    await stopwatch.measure('exchange', work(7));
    now += 20;
    await stopwatch.measure('compute', work(3));
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 43, exchangeMs: 7, waitMs: 125 });
    // What lies between two steps is waiting, too.
    now += 50;
    await stopwatch.measure('compute', work(1));
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 1, exchangeMs: 0, waitMs: 50 });
  });

  it('counts work that failed', async () => {
    let now = 0;
    const stopwatch = new StepStopwatch(() => now);
    const failing = async (): Promise<void> => {
      now += 9;
      throw new Error('no');
    };
    await expect(stopwatch.measure('exchange', failing)).rejects.toThrow('no');
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 0, exchangeMs: 9, waitMs: 0 });
  });
});
