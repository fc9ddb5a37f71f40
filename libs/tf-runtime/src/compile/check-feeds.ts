import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { Feed } from './program.js';
import { describeTensor, dtypeOf, sameTensor, sizeOf, type Elements, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

const arrayOf = { float32: 'Float32Array', int32: 'Int32Array', bool: 'Uint8Array' } as const;

/**
 * The feeds of an entry as tensors, in the order of the declaration. Those made of elements belong to the tidy around the call.
 * @throws LangevinError `invalid_argument` when one is missing, superfluous, or of another shape or type than declared
 */
export function feedTensors(entry: string, specs: TensorSpecs, feeds: Readonly<Record<string, Feed>>): tf.Tensor[] {
  for (const name of Object.keys(feeds)) {
    if (!Object.hasOwn(specs, name)) throw new LangevinError('invalid_argument', `${entry}: there is no input ${name}; there is ${Object.keys(specs).join(', ') || 'none'}`);
  }
  return Object.entries(specs).map(([name, spec]) => {
    const feed = feeds[name];
    if (feed === undefined) throw new LangevinError('invalid_argument', `${entry}: input ${name} is missing: ${describeTensor(spec)}`);
    if (!(feed instanceof tf.Tensor)) {
      checkElements(`${entry}: input ${name}`, spec, feed);
      return tf.tensor(feed, [...spec.shape], dtypeOf(spec));
    }
    if (!sameTensor(spec, feed)) {
      throw new LangevinError('invalid_argument', `${entry}: input ${name} was compiled as ${describeTensor(spec)}, got ${describeTensor(feed)}: compile another program for it`);
    }
    return feed;
  });
}

/**
 * Whether an array holds the elements of a tensor.
 * @param what begins the message, for example "state params"
 * @throws LangevinError `invalid_argument` when their number or type differs
 */
export function checkElements(what: string, spec: TensorSpec, elements: Elements): void {
  const type = arrayOf[dtypeOf(spec)];
  // By its tag, not by instanceof: arrays of another realm, such as a vm context, are as good.
  const given = elements[Symbol.toStringTag];
  if (given === type && elements.length === sizeOf(spec.shape)) return;
  throw new LangevinError('invalid_argument', `${what} is ${describeTensor(spec)}: ${sizeOf(spec.shape)} elements in a ${type}, got ${elements.length} in a ${given}`);
}
