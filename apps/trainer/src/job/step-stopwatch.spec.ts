import { StepStopwatch } from './step-stopwatch.js';

describe('a step stopwatch', () => {
  it('splits a step into what was computed, exchanged and waited', () => {
    let now = 1000;
    const stopwatch = new StepStopwatch(() => now);
    const compute = (ms: number): void => {
      now += ms;
      stopwatch.computed(ms);
    };
    expect(stopwatch.last).toBeNull();
    compute(30);
    now += 5;
    compute(10);
    now += 7;
    stopwatch.arrived();
    now += 20;
    compute(3);
    expect(stopwatch.last).toBeNull();
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 43, exchangeMs: 7, waitMs: 25 });
    // What lies between two steps is waiting, too.
    now += 50;
    compute(1);
    stopwatch.arrived();
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 1, exchangeMs: 0, waitMs: 50 });
  });

  it('counts no exchange for a trainer that computed nothing of the step', () => {
    let now = 0;
    const stopwatch = new StepStopwatch(() => now);
    now += 100;
    stopwatch.arrived();
    now += 4;
    stopwatch.computed(4);
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 4, exchangeMs: 0, waitMs: 0 });
    now += 40;
    stopwatch.arrived();
    now += 4;
    stopwatch.computed(4);
    stopwatch.finish();
    expect(stopwatch.last).toEqual({ computeMs: 4, exchangeMs: 0, waitMs: 40 });
  });
});
