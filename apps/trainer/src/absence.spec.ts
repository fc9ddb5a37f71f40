import { Absence } from './absence.js';

describe('a coordinator that is away', () => {
  it('is told of at once and every half minute, and of its return; attempts become rarer up to a second', () => {
    let nowMs = 1000;
    const log: string[] = [];
    const absence = new Absence(() => nowMs, (line) => void log.push(line));
    const pauses = Array.from({ length: 6 }, () => absence.goOn(() => 'gone'));
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(log).toEqual(['gone']);
    nowMs += 31_000;
    absence.goOn(() => 'still gone');
    expect(log).toEqual(['gone', 'still gone']);
    nowMs += 4000;
    absence.end();
    expect(log.at(-1)).toBe('the coordinator is back after 35.0 s');
    expect(absence.goOn(() => 'gone again')).toBe(100);
    expect(log.at(-1)).toBe('gone again');
  });

  it('is not told of a return that was none', () => {
    const log: string[] = [];
    new Absence(() => 0, (line) => void log.push(line)).end();
    expect(log).toEqual([]);
  });
});
