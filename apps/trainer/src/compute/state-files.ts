import { LangevinError } from '@langevin/contracts';
import { decodeSafetensors, encodeSafetensors, exportTensors, importTensors, type ParameterLayout } from '@langevin/diffusion-core/io';
import type { StateFiles } from './protocol.js';

/** The whole training state, as flat float32 vectors in the order of the layout. */
export interface TrainingVectors {
  readonly params: Float32Array;
  readonly ema: Float32Array;
  /** Adam's first and second moment. */
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** The state before the first step: an average of nothing yet is a copy of the weights. */
export function untrainedVectors(params: Float32Array): TrainingVectors {
  return { params, ema: params, m: new Float32Array(params.length), v: new Float32Array(params.length) };
}

/** PyTorch's names of Adam's moments, as prefixes of the parameters' names. */
const firstMoment = 'exp_avg.';
const secondMoment = 'exp_avg_sq.';

/** The state as safetensors files with diffusers' names and layout. Equal states give equal bytes. */
export function encodeState(vectors: TrainingVectors, layout: ParameterLayout): StateFiles {
  const named = (flat: Float32Array, prefix = '') => exportTensors(flat, layout).map((tensor) => ({ ...tensor, name: prefix + tensor.name }));
  return {
    weights: encodeSafetensors(named(vectors.params)),
    ema: encodeSafetensors(named(vectors.ema)),
    optimizer: encodeSafetensors([...named(vectors.m, firstMoment), ...named(vectors.v, secondMoment)]),
  };
}

/**
 * The state that `encodeState` wrote, bit for bit.
 * @throws LangevinError `checkpoint_corrupt` naming the file and what does not fit
 */
export function decodeState(files: StateFiles, layout: ParameterLayout): TrainingVectors {
  const read = (file: keyof StateFiles, prefix = ''): Float32Array => {
    try {
      const { tensors } = decodeSafetensors(files[file]);
      const wanted = tensors.filter((tensor) => tensor.name.startsWith(prefix));
      return importTensors(wanted.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) })), layout);
    } catch (cause) {
      throw new LangevinError('checkpoint_corrupt', `${file}.safetensors: ${LangevinError.from(cause).message}`, { cause });
    }
  };
  return { params: read('weights'), ema: read('ema'), m: read('optimizer', firstMoment), v: read('optimizer', secondMoment) };
}
