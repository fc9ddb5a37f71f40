import { ansTotal } from './ans-stack.js';

/**
 * Cumulative frequencies of symbols with these weights, one longer than those: symbol k has the places starts[k] … starts[k + 1] − 1 of the 2²⁰, one at
 * least, the others in proportion to its weight.
 * @param weights at least 0, one above 0
 */
export function symbolStarts(weights: Float64Array, starts: Uint32Array = new Uint32Array(weights.length + 1)): Uint32Array {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  const free = ansTotal - weights.length;
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    starts[k] = k + Math.floor((sum / total) * free);
    sum += weights[k]!;
  }
  starts[weights.length] = ansTotal;
  return starts;
}

/** The symbol that has a place: the last one that starts there or before. */
export function symbolAt(starts: Uint32Array, place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle;
  }
  return low;
}
