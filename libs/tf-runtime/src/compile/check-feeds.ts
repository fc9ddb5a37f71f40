import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { Feed } from './program.js';
import { arrayOf, describeTensor, dtypeOf, sameTensor, sizeOf, type Elements, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

/** What an input is declared as, and fed with. */
export interface CheckedFeed {
  readonly name: string;
  readonly spec: TensorSpec;
  readonly feed: Feed;
}

/**
 * The feeds of an entry, in the order of the declaration.
 * @throws LangevinError `invalid_argument` when one is missing, superfluous, or of another shape or type than declared
 */
export function checkFeeds(entry: string, specs: TensorSpecs, feeds: Readonly<Record<string, Feed>>): CheckedFeed[] {
  for (const name of Object.keys(feeds)) {
    if (!Object.hasOwn(specs, name)) throw new LangevinError('invalid_argument', `${entry}: there is no input ${name}; there is ${Object.keys(specs).join(', ') || 'none'}`);
  }
  return Object.entries(specs).map(([name, spec]) => {
    const feed = feeds[name];
    if (feed === undefined) throw new LangevinError('invalid_argument', `${entry}: input ${name} is missing: ${describeTensor(spec)}`);
    if (!(feed instanceof tf.Tensor)) {
      checkElements(`${entry}: input ${name}`, spec, feed);
    } else if (!sameTensor(spec, feed)) {
      throw new LangevinError('invalid_argument', `${entry}: input ${name} was compiled as ${describeTensor(spec)}, got ${describeTensor(feed)}: compile another program for it`);
    }
    return { name, spec, feed };
  });
}

/**
 * Whether there is an array for each result.
 * @throws LangevinError `invalid_argument` when one is missing, superfluous, or of another length or type than the result
 */
export function checkTargets(entry: string, specs: TensorSpecs, targets: Readonly<Record<string, Elements>>): void {
  for (const name of Object.keys(targets)) {
    if (!Object.hasOwn(specs, name)) throw new LangevinError('invalid_argument', `${entry}: there is no result ${name}; there is ${Object.keys(specs).join(', ') || 'none'}`);
  }
  for (const [name, spec] of Object.entries(specs)) {
    const target = targets[name];
    if (target === undefined) throw new LangevinError('invalid_argument', `${entry}: there is no array for the result ${name}: ${describeTensor(spec)}`);
    checkElements(`${entry}: result ${name}`, spec, target);
  }
}

/**
 * Whether so many calls of an entry can be computed at the same time.
 * @throws LangevinError `invalid_argument` for several, when it changes the state
 */
export function checkAtOnce(entry: string, calls: number, changesState: boolean): void {
  if (calls > 1 && changesState) throw new LangevinError('invalid_argument', `${entry}: ${calls} calls at the same time, and it changes the state: one call after the other is possible`);
}

/**
 * Whether an array holds the elements of a tensor.
 * @param what begins the message, for example "state params"
 * @throws LangevinError `invalid_argument` when their number or type differs
 */
export function checkElements(what: string, spec: TensorSpec, elements: Elements): void {
  const type = arrayOf[dtypeOf(spec)].name;
  // By its tag, not by instanceof: arrays of another realm, such as a vm context, are as good.
  const given = elements[Symbol.toStringTag];
  if (given === type && elements.length === sizeOf(spec.shape)) return;
  throw new LangevinError('invalid_argument', `${what} is ${describeTensor(spec)}: ${sizeOf(spec.shape)} elements in a ${type}, got ${elements.length} in a ${given}`);
}
