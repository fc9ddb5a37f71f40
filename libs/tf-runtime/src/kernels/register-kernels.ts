import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { maxPoolGrad } from './max-pool-grad.js';
import { resizeNearestGrad } from './resize-nearest-grad.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

const kernels: readonly KernelConfig[] = [conv2dBackpropFilter, maxPoolGrad, resizeNearestGrad, unsortedSegmentSum];

/**
 * Registers the gradient kernels that a portable backend of TensorFlow.js lacks or has wrong, in place of its own.
 * The backend's package has to be loaded; calling this again changes nothing.
 */
export function registerMissingKernels(backendName: 'wasm' | 'cpu'): void {
  for (const kernel of kernels) {
    if (kernel.backendName !== backendName) continue;
    if (getKernel(kernel.kernelName, backendName)) unregisterKernel(kernel.kernelName, backendName);
    registerKernel(kernel);
  }
}
