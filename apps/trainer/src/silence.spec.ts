import { Silence } from './silence.js';

let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

/** Time passes, and this process runs. */
function pass(ms: number): void {
  for (let past = 0; past < ms; past += 100) {
    nowMs += 100;
    jest.advanceTimersByTime(100);
  }
}

describe('the silence of a coordinator', () => {
  it('is noticed after six seconds, once', () => {
    const silences: number[] = [];
    using _silence = new Silence(() => nowMs, (ms) => void silences.push(ms));
    pass(6000);
    expect(silences).toEqual([]);
    pass(4000);
    expect(silences).toEqual([6500]);
  });

  it('is none while something is heard, or while nobody listens', () => {
    const silences: number[] = [];
    using silence = new Silence(() => nowMs, (ms) => void silences.push(ms));
    pass(5000);
    silence.heard();
    pass(5000);
    silence.hold();
    pass(60_000);
    silence.heard();
    pass(5500);
    expect(silences).toEqual([]);
  });

  it('counts anew for who did not run itself', () => {
    const silences: number[] = [];
    using _silence = new Silence(() => nowMs, (ms) => void silences.push(ms));
    nowMs += 60_000;
    jest.advanceTimersByTime(500);
    pass(5500);
    expect(silences).toEqual([]);
    pass(1500);
    expect(silences).toHaveLength(1);
  });

  it('makes one doubtful before that, which may not run', () => {
    using silence = new Silence(() => nowMs, () => undefined);
    pass(2300);
    expect(silence.isDoubtful).toBe(false);
    pass(100);
    expect(silence.isDoubtful).toBe(true);
    silence.hold();
    expect(silence.isDoubtful).toBe(false);
    silence.heard();
    expect(silence.isDoubtful).toBe(false);
  });
});
