import { toPixels } from './samples.js';

describe('toPixels', () => {
  it('maps −1 to 0 and 1 to 255 and rounds what lies between to the nearest', () => {
    expect([...toPixels(Float32Array.of(-1, 1, 0.2, -0.999))]).toEqual([0, 255, 153, 0]);
  });

  it('clamps what a sampler left outside the range', () => {
    expect([...toPixels(Float32Array.of(-1.7, 1.3, -Infinity, Infinity))]).toEqual([0, 255, 0, 255]);
  });

  it('gives every byte back that was turned into a value', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(toPixels(Float32Array.from(bytes, (byte) => byte / 127.5 - 1))).toEqual(bytes);
  });
});
