import { parseJobSpec } from '@langevin/contracts';
import { modelLayout } from '@langevin/diffusion-core';

/** Parameters of the network of a job. */
export function parameterCount(spec: object): number {
  return modelLayout(parseJobSpec(spec).model).total;
}

/**
 * A made-up gradient of a leaf. Its first elements are such that float32 addition in any other order than that of the tree
 * gives another sum: (10⁸ + 1) + (−10⁸ + 1) is 0, ((10⁸ + 1) − 10⁸) + 1 is 1.
 */
export function leafValues(length: number, leaf: number, salt = 0): Float32Array {
  const vector = Float32Array.from({ length }, (_, i) => (((i * 31 + leaf * 17 + salt * 7) % 64) - 32) / 7);
  vector[0] = [1e8, 1, -1e8, 1][leaf % 4] ?? 0;
  return vector;
}

/** The sum over a subtree, as the tree adds it: halves first, each addition rounded to float32. */
export function treeSum(first: number, leaves: number, leafOf: (leaf: number) => Float32Array): Float32Array {
  if (leaves === 1) return leafOf(first);
  const left = treeSum(first, leaves / 2, leafOf);
  const right = treeSum(first + leaves / 2, leaves / 2, leafOf);
  return left.map((value, i) => Math.fround(value + (right[i] ?? 0)));
}

/** What a step must apply: the sum divided by the weight and scaled down to `clipNorm`, each element rounded once an operation. */
export function finished(sum: Float32Array, weight: number, clipNorm = Infinity): { readonly gradient: Float32Array; readonly norm: number } {
  const mean = sum.map((value) => Math.fround(value / weight));
  const norm = Math.sqrt(mean.reduce((total, value) => total + value * value, 0));
  const factor = norm > clipNorm ? Math.fround(clipNorm / norm) : 1;
  return { gradient: mean.map((value) => Math.fround(value * factor)), norm };
}
