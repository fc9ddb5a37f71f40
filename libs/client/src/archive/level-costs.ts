import { levelPrior, levelValues } from '@langevin/diffusion-core';
import { stableExp } from '@langevin/diffusion-core/rng';

/** So many parts of a bit are told apart. */
const PARTS = 8;

/** How frequent each of 256 levels is among pixels, as −8·log₂ π in a byte each. */
export function levelCosts(pixels: Uint8Array): Uint8Array {
  const values = levelValues(256);
  const prior = levelPrior(Float32Array.from(pixels, (pixel) => values[pixel]!)); // A byte is one of 256 levels.
  return Uint8Array.from(prior, (share) => Math.min(255, Math.round(-PARTS * Math.log2(share))));
}

/** π up to a factor, with the same bits on every platform. */
export function levelWeights(costs: Uint8Array): Float64Array {
  return Float64Array.from(costs, (cost) => stableExp(-(cost / PARTS) * Math.LN2));
}
