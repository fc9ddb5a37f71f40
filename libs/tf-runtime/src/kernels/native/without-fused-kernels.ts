import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { fusedKernels } from '@langevin/contracts';

const backend = 'tensorflow';

/**
 * Hides Langevin's own kernels from what `run` computes, which falls back on operations that every TensorFlow has. They are back
 * afterwards, whatever happens.
 */
export function withoutFusedKernels<T>(run: () => T): T {
  const hidden = Object.values(fusedKernels).flatMap((name) => getKernel(name, backend) ?? []);
  for (const { kernelName } of hidden) unregisterKernel(kernelName, backend);
  try {
    return run();
  } finally {
    for (const kernel of hidden) registerKernel(kernel);
  }
}
