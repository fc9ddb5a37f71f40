import util from 'node:util';

/**
 * Provides `util.isNullOrUndefined`, which `@tensorflow/tfjs-node-gpu` 4.22.0 calls and which Node 22 warns about and
 * Node 23 removed.
 */
export function restoreRemovedUtilities(): void {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
}
