import { cutVectors, joinVectors, stateBytes } from './state-copy.js';

const vectors = { params: Float32Array.of(1, 2, 3), ema: Float32Array.of(4, 5, 6), m: Float32Array.of(-0, NaN, Infinity), v: Float32Array.of(1e-45, 8, 9) };
const bits = (vector: Float32Array): number[] => [...new Uint32Array(vector.buffer, vector.byteOffset, vector.length)];

describe('the copy of a state', () => {
  it('has every vector, one after the other, and gives each back bit for bit', () => {
    const copy = joinVectors(vectors);
    expect(copy.byteLength).toBe(stateBytes(3));
    expect(stateBytes(3)).toBe(48);
    expect(bits(new Float32Array(copy.buffer))).toEqual([...bits(vectors.params), ...bits(vectors.ema), ...bits(vectors.m), ...bits(vectors.v)]);
    const cut = cutVectors(copy, 3);
    for (const name of ['params', 'ema', 'm', 'v'] as const) expect(bits(cut[name])).toEqual(bits(vectors[name]));
  });

  it('may lie in shared memory, at any multiple of four bytes; what is cut from it does not change with it', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(60), 12);
    shared.set(joinVectors(vectors));
    const cut = cutVectors(shared, 3);
    shared.fill(0);
    expect(cut.params).toEqual(vectors.params);
    expect(bits(cut.v)).toEqual(bits(vectors.v));
    expect(cut.params.buffer.constructor.name).toBe('ArrayBuffer');
  });

  it.each([0, 44, 52])('is refused with %i bytes instead of 48', (bytes) => {
    expect(() => cutVectors(new Uint8Array(bytes), 3)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `the state has ${bytes} bytes, that of 3 parameters has 48` }));
  });
});
