import { Throughput } from './throughput.js';

describe('Throughput', () => {
  it('is unknown, as 0, until two steps were committed', () => {
    const throughput = new Throughput();
    expect(throughput.imagesPerSecond).toBe(0);
    throughput.committed(1000, 64);
    expect(throughput.imagesPerSecond).toBe(0);
  });

  it('counts the images between the first and the last commit it remembers', () => {
    const throughput = new Throughput();
    for (let step = 0; step < 5; step++) throughput.committed(step * 500, 64);
    expect(throughput.imagesPerSecond).toBe(128);
  });

  it('forgets the slow steps of long ago', () => {
    const throughput = new Throughput();
    throughput.committed(0, 64);
    for (let step = 0; step < 20; step++) throughput.committed(1_000_000 + step * 100, 64);
    expect(throughput.imagesPerSecond).toBeCloseTo(640, 9);
  });
});
