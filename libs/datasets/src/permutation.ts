import { LangevinError } from '@langevin/contracts';
import { Purpose, philox4x32, seedKey } from '@langevin/diffusion-core/rng';

/** Luby & Rackoff (1988) need 4 for a pseudorandom permutation; small domains profit from more. */
const rounds = 8;
const maxSamples = 2 ** 52;
const maxEpoch = 2 ** 32 - 1;

/**
 * A pseudorandom permutation of 0 … n−1, another one for each seed and epoch, evaluated at any place in O(1) time
 * and memory: a balanced Feistel network with Philox as its round function, over the smallest power of 4 that holds
 * n, walked until it lands inside (Black & Rogaway 2002, "Ciphers with arbitrary finite domains", §4: at most 4 steps
 * on average). Equal arguments give equal values on every machine.
 *
 * @param seed 0 … 2⁵³−1
 * @param epoch 0 … 2³²−1
 * @param n 1 … 2⁵²
 * @throws LangevinError `invalid_argument`; the permutation itself for an index outside 0 … n−1
 */
export function permutation(seed: number, epoch: number, n: number): (index: number) => number {
  checkInteger('n', n, 1, maxSamples);
  checkInteger('epoch', epoch, 0, maxEpoch);
  const bits = halfBits(n);
  const half = 2 ** bits;
  const key = seedKey(seed);
  const words = new Uint32Array(4);
  const counter: [number, number, number, number] = [0, 0, epoch, Purpose.permutation];

  const encrypt = (index: number): number => {
    let left = Math.floor(index / half);
    let right = index % half;
    for (let round = 0; round < rounds; round++) {
      counter[0] = right;
      counter[1] = round;
      philox4x32(counter, key, words);
      // Upper bits of the word; `bits` is at least 1, so the shift is below 32.
      const mixed = left ^ (words[0]! >>> (32 - bits));
      left = right;
      right = mixed;
    }
    return left * half + right;
  };

  return (index) => {
    checkInteger('index', index, 0, n - 1);
    let image = encrypt(index);
    while (image >= n) image = encrypt(image);
    return image;
  };
}

/** Bits of each half of the smallest domain of 4^bits ≥ n, one at least. */
function halfBits(n: number): number {
  let bits = 1;
  while (4 ** bits < n) bits++;
  return bits;
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new LangevinError('invalid_argument', `permutation: ${name} ${value} is not an integer from ${min} to ${max}`);
}
