import { PhiloxStream } from '../rng/index.js';
import type { ParameterEntry, ParameterLayout } from './parameter-layout.js';

/**
 * Start values as PyTorch's layers choose them: filters, matrices and their biases uniform in ±1/√fan-in (He et al.
 * 2015 with a = √5), scales 1, offsets 0, embedding tables standard normal; learned positions N(0, 1/features), as CLIP
 * has them, tables of scales N(1, 0.02²), as NCSN has them; 0 where the layout says so. A pure function of seed and layout: tensor i draws from the stream (seed, initialWeights, sample i).
 *
 * @throws LangevinError `invalid_argument` for a seed that is no integer from 0 to 2⁶⁴−1
 */
export function initParameters(layout: ParameterLayout, seed: number | bigint): Float32Array {
  const flat = new Float32Array(layout.total);
  layout.entries.forEach((entry, index) => {
    if (entry.startsAtZero) return;
    const values = flat.subarray(entry.offset, entry.offset + entry.size);
    fill(values, entry, new PhiloxStream({ seed, purpose: 'initialWeights', sample: index }));
  });
  return flat;
}

function fill(values: Float32Array, { kind, fanIn }: ParameterEntry, stream: PhiloxStream): void {
  switch (kind) {
    case 'scale':
      values.fill(1);
      break;
    case 'offset':
      break;
    case 'table':
      stream.fillNormal(values);
      break;
    case 'gain':
      stream.fillNormal(values);
      for (let i = 0; i < values.length; i++) values[i] = 1 + 0.02 * values[i]!;
      break;
    case 'position':
      stream.fillNormal(values);
      for (let i = 0; i < values.length; i++) values[i]! /= Math.sqrt(fanIn);
      break;
    case 'filter':
    case 'matrix':
    case 'bias': {
      const bound = 1 / Math.sqrt(fanIn);
      stream.fillUniform(values);
      for (let i = 0; i < values.length; i++) values[i] = (2 * values[i]! - 1) * bound;
      break;
    }
  }
}
