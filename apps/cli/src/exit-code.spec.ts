import { exitCodeFacts, exitCodeOf } from './exit-code.js';

describe('exit codes', () => {
  it('are stable: scripts rely on them', () => {
    expect(exitCodeFacts().map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 130]);
    expect(['invalid_spec', 'unavailable', 'run_unknown', 'job_conflict', 'cancelled', 'trainer_lost'].map((code) => exitCodeOf(code as Parameters<typeof exitCodeOf>[0]))).toEqual([2, 3, 4, 5, 130, 1]);
  });
});
