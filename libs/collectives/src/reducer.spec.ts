import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { finishGradient } from './finish-gradient.js';
import { globalNorm, normBlockLength } from './global-norm.js';
import { addPartials } from './partial-sum.js';
import { planSubtrees, shareLeaves } from '@langevin/cluster-core';
import { TreeReducer } from './tree-reducer.js';
import { VectorArena } from './vector-arena.js';

const seed = 20263;
const anyFloats = fc.float32Array({ minLength: 1, maxLength: 70, noNaN: true });

/** Reproducible numbers of very different sizes (mulberry32). */
function wild(length: number, start: number): Float32Array {
  let state = start;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length }, () => (next() - 0.5) * 2 ** Math.floor(next() * 60 - 30));
}

const bitsOf = (floats: Float32Array) => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('hex');

function partial(arena: VectorArena, gradient: Float32Array, weightSum = 1, lossSum = 0) {
  return { gradient: arena.takeCopy(gradient), weightSum, lossSum };
}

describe('the kernels', () => {
  it('are what kernels.wat compiles to', () => {
    const file = join(__dirname, 'gen/kernels.ts');
    const committed = readFileSync(file, 'utf8');
    execFileSync(process.execPath, [join(__dirname, '../scripts/generate-kernels.mjs')]);
    expect(readFileSync(file, 'utf8')).toBe(committed);
  });

  it('add, scale and divide each element as one float32 operation, at any length', () => {
    fc.assert(
      fc.property(anyFloats, fc.float({ noNaN: true }), (a, s) => {
        const arena = new VectorArena(a.length);
        const b = Float32Array.from(a).reverse();
        const [sum, scaled, divided] = [arena.takeCopy(a), arena.takeCopy(a), arena.takeCopy(a)];
        arena.kernels.add(sum.address, arena.takeCopy(b).address, a.length);
        arena.kernels.scale(scaled.address, a.length, s);
        arena.kernels.divide(divided.address, a.length, s);
        expect(sum.floats).toEqual(a.map((x, i) => x + (b[i] ?? 0)));
        expect(scaled.floats).toEqual(a.map((x) => x * s));
        expect(divided.floats).toEqual(a.map((x) => x / s));
      }),
      { seed },
    );
  });

  it('finish a sum in one pass as the single steps do, at any length', () => {
    fc.assert(
      fc.property(anyFloats, fc.float({ noNaN: true, min: 0.5 }), (floats, weight) => {
        const n = floats.length;
        const arena = new VectorArena(n);
        const { kernels } = arena;
        const [a, b, c, e] = [1, 2, 3, 4].map((turn) => arena.takeCopy(floats.map((_, i) => floats[(i * turn) % n]!)).address) as [number, number, number, number];
        const [out, left, right, copy] = [arena.take(), arena.take(), arena.take(), arena.take()];
        const expectFinished = ([digest, squares]: readonly [bigint, number], sum: number) => {
          kernels.copy(copy.address, sum, n * 4);
          kernels.divide(copy.address, n, weight);
          expect(bitsOf(out.floats)).toBe(bitsOf(copy.floats));
          expect([digest, squares]).toEqual([kernels.xxh64(copy.address, n * 4), kernels.sumSquares(copy.address, n)]);
        };
        expectFinished(kernels.finish(out.address, a, n, weight), a);
        kernels.addTo(left.address, a, b, n);
        expectFinished(kernels.addFinish(out.address, a, b, n, weight), left.address);
        kernels.addTo(right.address, c, e, n);
        kernels.add(left.address, right.address, n);
        expectFinished(kernels.add4Finish(out.address, a, b, c, e, n, weight), left.address);
      }),
      { seed },
    );
  });

  it('leave the memory beside a vector alone', () => {
    const arena = new VectorArena(16);
    const [left, middle, right] = [1, 2, 3].map((x) => arena.takeCopy(new Float32Array(16).fill(x)));
    if (!left || !middle || !right) throw new Error('three vectors were taken');
    arena.kernels.add(middle.address, left.address, 15);
    arena.kernels.scale(middle.address, 15, 2);
    expect([...left.floats]).toEqual(new Array(16).fill(1));
    expect([...right.floats]).toEqual(new Array(16).fill(3));
    expect([...middle.floats]).toEqual([...new Array(15).fill(6), 2]);
  });

  it('keep denormals', () => {
    const tiny = 2 ** -149;
    const arena = new VectorArena(9);
    const a = arena.takeCopy(new Float32Array(9).fill(tiny));
    arena.kernels.add(a.address, arena.takeCopy(new Float32Array(9).fill(2 * tiny)).address, 9);
    expect([...a.floats]).toEqual(new Array(9).fill(3 * tiny));
    arena.kernels.divide(a.address, 9, 3);
    expect([...a.floats]).toEqual(new Array(9).fill(tiny));
    arena.kernels.scale(a.address, 9, 4);
    expect([...a.floats]).toEqual(new Array(9).fill(4 * tiny));
    expect(globalNorm(a)).toBe(4 * tiny * 3);
  });
});

describe('the hash and the checksum', () => {
  const at = 64;
  const hashOf = (arena: VectorArena, text: string) => {
    arena.bytesAt(at, text.length).set(Buffer.from(text));
    return BigInt.asUintN(64, arena.kernels.xxh64(at, text.length)).toString(16);
  };

  it('hash as published for XXH64, through every tail', () => {
    const arena = new VectorArena(1);
    // Of the reference implementation (xxHash 0.8, seed 0).
    expect(hashOf(arena, '')).toBe('ef46db3751d8e999');
    expect(hashOf(arena, 'a')).toBe('d24ec4f1a98c6e5b');
    expect(hashOf(arena, 'abc')).toBe('44bc2cf5ad770999');
    expect(hashOf(arena, 'Nobody inspects the spammish repetition')).toBe('fbcea83c8a378bf1');
  });

  it('notice every single changed byte, and two words that changed places', () => {
    const arena = new VectorArena(1);
    const bytes = arena.bytesAt(at, 71);
    bytes.forEach((_, i) => (bytes[i] = i * 37));
    const sum = arena.kernels.checksum(at, 71);
    for (let i = 0; i < 71; i++) {
      bytes[i]! ^= 0x80;
      expect(arena.kernels.checksum(at, 71)).not.toBe(sum);
      bytes[i]! ^= 0x80;
    }
    bytes.set([...bytes.slice(16, 32), ...bytes.slice(0, 16)]);
    expect(arena.kernels.checksum(at, 71)).not.toBe(sum);
  });
});

describe('globalNorm', () => {
  /** The order of additions as documented. */
  function reference(x: Float32Array): number {
    let sums: number[] = [];
    for (let first = 0; first < x.length; first += normBlockLength) {
      const lanes: [number, number, number, number] = [0, 0, 0, 0];
      x.subarray(first, first + normBlockLength).forEach((value, i) => (lanes[(i % 4) as 0 | 1 | 2 | 3] += value * value));
      sums.push(lanes[0] + lanes[2] + (lanes[1] + lanes[3]));
    }
    while (sums.length & (sums.length - 1)) sums.push(0);
    while (sums.length > 1) sums = sums.flatMap((sum, i) => (i % 2 ? [] : [sum + (sums[i + 1] ?? 0)]));
    return Math.sqrt(sums[0] ?? 0);
  }

  it.each([1, 2, 3, 4, 7, normBlockLength - 1, normBlockLength, normBlockLength + 1, 5 * normBlockLength + 6])(
    'adds %i squares in the documented order, to the bit',
    (length) => {
      const x = wild(length, length);
      expect(globalNorm(new VectorArena(length).takeCopy(x))).toBe(reference(x));
    },
  );

  it('adds blocks as a tree: one after the other, all but the first would be lost to rounding', () => {
    const x = new Float32Array(8 * normBlockLength);
    x[0] = 1;
    // Two squares of 2^-54 a block: half a unit in the last place of 1.
    for (let block = 1; block < 8; block++) x.fill(2 ** -27, block * normBlockLength, block * normBlockLength + 2);
    const norm = globalNorm(new VectorArena(x.length).takeCopy(x));
    expect(norm).toBe(Math.sqrt(1 + 3 * 2 ** -52));
    expect(norm).toBeGreaterThan(1);
  });

  it('knows the norm of a Pythagorean triple and of the largest floats', () => {
    expect(globalNorm(new VectorArena(2).takeCopy(Float32Array.of(3, -4)))).toBe(5);
    const max = (2 - 2 ** -23) * 2 ** 127;
    expect(globalNorm(new VectorArena(4).takeCopy(new Float32Array(4).fill(max)))).toBe(2 * max);
  });
});

describe('a reduced step', () => {
  const virtualWorkers = 8;
  const length = 1003;
  const leaves = Array.from({ length: virtualWorkers }, (_, v) => wild(length, 77 + v));

  function reduce(trainers: number, rotate: number) {
    const arena = new VectorArena(length);
    const leaf = (v: number) => partial(arena, leaves[v] ?? new Float32Array(length), Math.fround(v + 0.1), Math.fround(v / 3));
    const reducer = new TreeReducer(virtualWorkers, addPartials);
    const all = planSubtrees(shareLeaves(virtualWorkers, new Array<number>(trainers).fill(1))).flat();
    const arrivals = [...all.slice(rotate % all.length), ...all.slice(0, rotate % all.length)];
    const sums = arrivals.map((subtree) => {
      const own = new TreeReducer(subtree.leaves, addPartials);
      const results = Array.from({ length: subtree.leaves }, (_, i) => own.add({ first: i, leaves: 1 }, leaf(subtree.first + i)));
      const sum = results.at(-1);
      if (!sum) throw new Error('the last leaf completes a subtree');
      return reducer.add(subtree, sum);
    });
    const sum = sums.at(-1);
    if (!sum) throw new Error('the last subtree completes the tree');
    const { gradient, norm, loss } = finishGradient(sum, 1);
    expect(arena.taken).toBe(1);
    return [bitsOf(gradient.floats), norm, loss];
  }

  it('has the same bits for every number of trainers and order of arrival, and leaves one vector', () => {
    const expected = reduce(1, 0);
    for (let trainers = 1; trainers <= virtualWorkers; trainers++) {
      for (const rotate of [0, 1, 3, 5]) expect(reduce(trainers, rotate)).toEqual(expected);
    }
  });

  it('adds gradients in the order of the tree: any other order has other bits', () => {
    const add = (a: Float32Array, b: Float32Array) => a.map((x, i) => x + (b[i] ?? 0));
    const inOrder = leaves.reduce(add);
    const [a, b, c, d, e, f, g, h] = leaves as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const inTree = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)));
    const arena = new VectorArena(length);
    const reducer = new TreeReducer(virtualWorkers, addPartials);
    const results = leaves.map((leaf, first) => reducer.add({ first, leaves: 1 }, partial(arena, leaf)));
    expect(bitsOf(results.at(-1)?.gradient.floats ?? new Float32Array())).toBe(bitsOf(inTree));
    expect(bitsOf(inTree)).not.toBe(bitsOf(inOrder));
  });
});

describe('finishGradient', () => {
  const finish = (gradient: number[], weightSum: number, clipNorm?: number) =>
    finishGradient(partial(new VectorArena(gradient.length), Float32Array.from(gradient), weightSum, 6), clipNorm);

  it('divides by the sum of weights, which multiplying by its reciprocal would not', () => {
    const { gradient, norm, loss, isFinite } = finish([9, 0, 5], 3);
    expect([[...gradient.floats], loss, isFinite]).toEqual([[3, 0, Math.fround(5 / 3)], 2, true]);
    expect(norm).toBe(Math.sqrt(9 + Math.fround(5 / 3) ** 2));
    expect(Math.fround(Math.fround(1 / 41) * 41)).not.toBe(1);
    expect([...finish([41], 41).gradient.floats]).toEqual([1]);
  });

  it('clips to the norm, and only what exceeds it', () => {
    expect([...finish([6, 8], 2, 1).gradient.floats]).toEqual([Math.fround(3 * Math.fround(0.2)), Math.fround(4 * Math.fround(0.2))]);
    expect(finish([6, 8], 2, 1).norm).toBe(5);
    expect([...finish([6, 8], 2, 5).gradient.floats]).toEqual([3, 4]);
  });

  it.each([NaN, Infinity, -Infinity])('flags %p anywhere and does not clip', (bad) => {
    for (const position of [0, 3, 4, 6]) {
      const gradient = [1, 1, 1, 1, 1, 1, 1];
      gradient[position] = bad;
      const finished = finish(gradient, 1, 0.5);
      expect([finished.isFinite, Number.isFinite(finished.norm)]).toEqual([false, false]);
      expect(finished.gradient.floats[5]).toBe(1);
    }
  });

  it.each([0, -1, NaN, Infinity])('refuses the weight %p', (weight) => {
    expect(() => finish([1], weight)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`weight ${weight}`) }));
  });

  it.each([0, -1, NaN])('refuses the clip norm %p', (clipNorm) => {
    expect(() => finish([1], 1, clipNorm)).toThrow(/clipNorm/);
  });
});

describe('VectorArena', () => {
  it('keeps the content of vectors while its memory grows, and uses freed memory again', () => {
    const arena = new VectorArena(40_000);
    const first = arena.takeCopy(new Float32Array(40_000).fill(1));
    const others = Array.from({ length: 20 }, () => arena.take());
    expect(first.floats.every((x) => x === 1)).toBe(true);
    const address = others[3]?.address;
    others[3]?.free();
    expect(arena.taken).toBe(20);
    expect(arena.take().address).toBe(address);
    first.bytes.fill(0);
    expect(first.floats[39_999]).toBe(0);
  });

  it('refuses other lengths, a second free, vectors of another arena and more than WebAssembly can address', () => {
    const arena = new VectorArena(4);
    expect(() => arena.takeCopy(new Float32Array(5))).toThrow(/5 elements, the model has 4/);
    expect(() => new VectorArena(0)).toThrow(/0 elements/);
    const vector = arena.take();
    vector.free();
    expect(() => vector.free()).toThrow(/freed twice/);
    const foreign = partial(new VectorArena(4), new Float32Array(4));
    expect(() => addPartials(partial(arena, new Float32Array(4)), foreign)).toThrow(/two arenas/);
    expect(() => new VectorArena(2 ** 30 + 1).take()).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
