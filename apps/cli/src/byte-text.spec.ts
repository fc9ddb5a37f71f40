import { formatBytes } from './byte-text.js';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [5000, '4.9 KiB'],
    [15_000, '15 KiB'],
    [4.2 * 2 ** 20, '4.2 MiB'],
    [37 * 2 ** 30, '37 GiB'],
    [5000 * 2 ** 40, '5000 TiB'],
  ])('shows %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
