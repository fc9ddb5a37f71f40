import { runNote } from './run-note.js';

describe('runNote', () => {
  it('is silent while a run simply trains', () => {
    expect(runNote({ phase: 'running', reason: 'training on "a", "b"' })).toBe('');
  });

  it.each(['paused at step 4: 1 of 2 trainers', 'training on "a"; "b" joins', 'waiting for "a" to come back: the coordinator was away'])('says what is unusual: %s', (reason) => {
    expect(runNote({ phase: 'running', reason })).toBe(reason);
  });

  it('says why a run has ended, or waits', () => {
    expect(runNote({ phase: 'queued', reason: 'waiting: 0/1 trainers ready' })).toBe('waiting: 0/1 trainers ready');
  });
});
