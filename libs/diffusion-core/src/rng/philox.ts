/** Bound once: a look-up of a global for every product is what a block would mostly wait for in a sandboxed realm. */
const { imul } = Math;

/** Multipliers and Weyl increments of Philox-4x32, Salmon et al. (2011). */
const M0_LOW = 0x1f53;
const M0_HIGH = 0xd251;
const M0 = 0xd2511f53 | 0;
const M1_LOW = 0x8d57;
const M1_HIGH = 0xcd9e;
const M1 = 0xcd9e8d57 | 0;
const W0 = 0x9e3779b9 | 0;
const W1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/** Upper 32 bits of a·b, where b is given as two 16-bit halves: every partial sum fits in 32 bits. */
function mulHigh(a: number, bLow: number, bHigh: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = (imul(aHigh, bLow) + (imul(aLow, bLow) >>> 16)) | 0;
  const cross = (imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Upper 32 bits of the product of two unsigned 32-bit integers, as an unsigned integer. */
export function mulHighUint32(a: number, b: number): number {
  return mulHigh(a, b & 0xffff, b >>> 16) >>> 0;
}

/**
 * One Philox-4x32-10 block with its arguments as plain numbers, so that inner loops allocate nothing. Writes four
 * words to the start of `out`; every argument is read modulo 2³².
 */
export function philoxBlock(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = mulHigh(x0, M0_LOW, M0_HIGH);
    const low0 = imul(x0, M0);
    const high1 = mulHigh(x2, M1_LOW, M1_HIGH);
    const low1 = imul(x2, M1);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + W0) | 0;
    key1 = (key1 + W1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/**
 * Philox-4x32 with 10 rounds: a bijection of the 128-bit counter for each 64-bit key (Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC'11). Equal arguments give equal words on every machine.
 *
 * @param counter four unsigned 32-bit words
 * @param key two unsigned 32-bit words
 * @param out where the four words go; a new array unless given
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array = new Uint32Array(4),
): Uint32Array {
  philoxBlock(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out);
  return out;
}
