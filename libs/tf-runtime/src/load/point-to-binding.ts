import { createRequire } from 'node:module';
import path from 'node:path';
import { tfjsNodeDirectory } from '../install/compile-binding.js';
import { bindingFile } from '../install/runtime-cache.js';

/** The one function of node-pre-gyp that TensorFlow.js calls at its start, where it is kept: where the binding has to be. */
interface PreBinding {
  find: (packageJson: string) => string;
}

/**
 * Tells `@tensorflow/tfjs-node-gpu`, in this thread, to take the binding of this runtime. Nothing is written: processes that
 * compute on GPUs and others that do not may start from the same packages at the same time.
 */
export function pointToBinding(runtime: string): void {
  const packageJson = path.join(tfjsNodeDirectory(), 'package.json');
  // CommonJS without types; `find` of the package itself looks this one up at every call.
  const preBinding = createRequire(packageJson)('@mapbox/node-pre-gyp/lib/pre-binding.js') as PreBinding;
  const find = preBinding.find;
  preBinding.find = (wanted) => (path.resolve(wanted) === packageJson ? path.join(runtime, bindingFile) : find(wanted));
}
