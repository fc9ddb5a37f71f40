import { LastingTroubles } from './lasting-troubles.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('troubles with peers', () => {
  it('are no news when they pass', () => {
    const told: string[] = [];
    const troubles = new LastingTroubles((peer, problem) => told.push(`${peer}: ${problem}`) > 0);
    troubles.begin('t2', 'reset');
    jest.advanceTimersByTime(1100);
    troubles.end('t2');
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });

  it('are told once they last, with what was said of them last, and again every second until they end', () => {
    const told: string[] = [];
    const troubles = new LastingTroubles((peer, problem) => told.push(`${peer}: ${problem}`) > 0);
    troubles.begin('t2', 'reset');
    jest.advanceTimersByTime(600);
    troubles.begin('t2', 'no route');
    jest.advanceTimersByTime(600);
    expect(told).toEqual(['t2: no route']);
    jest.advanceTimersByTime(2000);
    expect(told).toHaveLength(3);
    troubles.clear();
    jest.advanceTimersByTime(5000);
    expect(told).toHaveLength(3);
  });

  it('have to last anew when they are no news yet', () => {
    const told: number[] = [];
    let isNews = false;
    const troubles = new LastingTroubles(() => {
      told.push(Date.now());
      return isNews;
    });
    const startMs = Date.now();
    troubles.begin('t2', 'reset');
    jest.advanceTimersByTime(1200);
    isNews = true;
    jest.advanceTimersByTime(3000);
    troubles.clear();
    expect(told.map((ms) => ms - startMs)).toEqual([1200, 2400, 3400]);
  });
});
