/**
 * The order of a job's samples once more, written from its definition (docs/adr/0006, libs/datasets) and sharing no line with the
 * product: integers are BigInt, the permutation is walked as the papers print it. Slow, and good enough for a ledger.
 */

const word = 0xffffffffn;
const purposeOfPermutation = 7n;

/** Philox-4x32-10 (Salmon et al. 2011): four words from a counter of four and a key of two. */
function philox([c0, c1, c2, c3], [k0, k1]) {
  for (let round = 0; round < 10; round++) {
    const a = 0xd2511f53n * c0;
    const b = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(b >> 32n) ^ c1 ^ k0, b & word, (a >> 32n) ^ c3 ^ k1, a & word];
    k0 = (k0 + 0x9e3779b9n) & word;
    k1 = (k1 + 0xbb67ae85n) & word;
  }
  return [c0, c1, c2, c3];
}

/** One place of the permutation of 0 … n−1: eight Feistel rounds over 4^bits ≥ n, repeated until the image is below n. */
function permuted(seed, epoch, n, index) {
  let bits = 1n;
  while (4n ** bits < n) bits++;
  const key = [seed & word, seed >> 32n];
  let image = index;
  do {
    let [left, right] = [image >> bits, image & (2n ** bits - 1n)];
    for (let round = 0n; round < 8n; round++) {
      const [mixed] = philox([right, round, epoch, purposeOfPermutation], key);
      [left, right] = [right, left ^ (mixed >> (32n - bits))];
    }
    image = (left << bits) | right;
  } while (image >= n);
  return image;
}

/**
 * The sample at a slot of a step, as `sampleAt` of libs/datasets gives it.
 * @param {{ seed: number, samples: number, globalBatch: number }} order
 * @param {number} step from 1
 * @param {number} slot from 0
 */
export function ownSampleAt({ seed, samples, globalBatch }, step, slot) {
  const perEpoch = Math.ceil(samples / globalBatch);
  const epoch = Math.floor((step - 1) / perEpoch);
  const position = ((step - 1) % perEpoch) * globalBatch + slot;
  const index = Number(permuted(BigInt(seed), BigInt(epoch), BigInt(samples), BigInt(position % samples)));
  return { epoch, index, weight: position < samples ? 1 : 0 };
}
