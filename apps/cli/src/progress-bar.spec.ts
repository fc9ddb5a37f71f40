import { formatDuration, ProgressBar } from './progress-bar.js';

function sink(isTTY: boolean) {
  const lines: string[] = [];
  return { lines, isTTY, columns: 60, write: (text: string) => lines.push(text) };
}

describe('ProgressBar', () => {
  it('rewrites one line of a terminal, never wider than it', () => {
    const terminal = sink(true);
    const bar = new ProgressBar('training', terminal);
    bar.show(1, 2, 'loss 0.031 · 183 images/s · 3 min 20 s left and much more text');
    bar.end();
    expect(terminal.lines[0]).toMatch(/^\rtraining █{12}░{12} {2}50 % {2}loss 0\.031/);
    expect(terminal.lines[0]?.replace('\r', '').replace('\u001b[K', '').length).toBeLessThan(60);
    expect(terminal.lines[1]).toBe('\n');
  });

  it('writes a log line every tenth, not every step', () => {
    const log = sink(false);
    const bar = new ProgressBar('training', log);
    for (let step = 0; step <= 100; step++) bar.show(step, 100, '');
    expect(log.lines).toHaveLength(11);
  });
});

describe('formatDuration', () => {
  it.each([
    [-1, '0 s'],
    [45.4, '45 s'],
    [200, '3 min 20 s'],
    [3900, '1 h 5 min'],
  ])('says %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
