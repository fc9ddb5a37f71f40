import { LangevinError } from '@langevin/contracts';
import type { ParameterEntry, ParameterLayout } from '../nn/parameter-layout.js';
import type { SafetensorsTensor } from './safetensors-format.js';

/**
 * The parameters as PyTorch stores them: filters OIHW, matrices [out, in], in the order of the layout. The numbers are
 * moved, never changed.
 *
 * @throws LangevinError `invalid_argument` when the vector's length is not that of the layout
 */
export function exportTensors(flat: Float32Array, layout: ParameterLayout): SafetensorsTensor[] {
  if (flat.length !== layout.total) {
    throw new LangevinError('invalid_argument', `the parameter vector has ${flat.length} numbers, the layout ${layout.total}`);
  }
  const words = wordsOf(flat);
  return layout.entries.map((entry) => {
    const { shape, source } = torchOrder(entry);
    const data = new Uint8Array(4 * entry.size);
    const view = new DataView(data.buffer);
    for (let i = 0; i < entry.size; i++) view.setUint32(4 * i, words[entry.offset + source(i)]!, true);
    return { name: entry.name, dtype: 'F32', shape, data };
  });
}

/**
 * The flat parameter vector from tensors as `exportTensors` or diffusers writes them, in any order; bit for bit the
 * inverse of `exportTensors`.
 *
 * @throws LangevinError `object_corrupt` naming every tensor that is missing, unknown, repeated, or of another shape or type
 */
export function importTensors(tensors: readonly SafetensorsTensor[], layout: ParameterLayout): Float32Array {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const problems = findProblems(tensors, byName, layout);
  if (problems.length > 0) {
    const shown = problems.slice(0, 8);
    const rest = problems.length - shown.length;
    throw new LangevinError('object_corrupt', `the weights do not fit the network: ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`);
  }
  const flat = new Float32Array(layout.total);
  const words = wordsOf(flat);
  for (const entry of layout.entries) {
    const { data } = byName.get(entry.name)!;
    const { source } = torchOrder(entry);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i < entry.size; i++) words[entry.offset + source(i)] = view.getUint32(4 * i, true);
  }
  return flat;
}

/** The bits of the numbers: reading and writing a NaN as a number may change its payload. */
function wordsOf(flat: Float32Array): Uint32Array {
  return new Uint32Array(flat.buffer, flat.byteOffset, flat.length);
}

function findProblems(tensors: readonly SafetensorsTensor[], byName: ReadonlyMap<string, SafetensorsTensor>, layout: ParameterLayout): string[] {
  const expected = new Set(layout.entries.map((entry) => entry.name));
  const problems = tensors.filter((tensor) => !expected.has(tensor.name)).map((tensor) => `${tensor.name}: the network has no such parameter`);
  if (byName.size !== tensors.length) problems.push('a name occurs twice');
  for (const entry of layout.entries) {
    const tensor = byName.get(entry.name);
    const { shape } = torchOrder(entry);
    if (tensor === undefined) problems.push(`${entry.name}: missing`);
    else if (tensor.dtype !== 'F32') problems.push(`${entry.name}: has type ${tensor.dtype} instead of F32`);
    else if (tensor.shape.length !== shape.length || tensor.shape.some((length, i) => length !== shape[i])) {
      problems.push(`${entry.name}: has shape [${tensor.shape}] instead of [${shape}]`);
    }
  }
  return problems;
}

/** The shape in PyTorch, and where element i of that order lies in ours. */
function torchOrder({ kind, shape }: ParameterEntry): { shape: readonly number[]; source: (i: number) => number } {
  switch (kind) {
    case 'filter': {
      const [height, width, inChannels, outChannels] = shape as [number, number, number, number]; // Filters have rank 4.
      const pixels = height * width;
      const perOutput = inChannels * pixels;
      return {
        shape: [outChannels, inChannels, height, width],
        source: (i) => ((i % pixels) * inChannels + (Math.floor(i / pixels) % inChannels)) * outChannels + Math.floor(i / perOutput),
      };
    }
    case 'matrix': {
      const [inFeatures, outFeatures] = shape as [number, number]; // Matrices have rank 2.
      return { shape: [outFeatures, inFeatures], source: (i) => (i % inFeatures) * outFeatures + Math.floor(i / inFeatures) };
    }
    case 'table':
    case 'position':
    case 'gain':
    case 'bias':
    case 'scale':
    case 'offset':
      return { shape, source: (i) => i };
  }
}
