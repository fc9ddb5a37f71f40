import { getKernel, registerKernel } from '@tensorflow/tfjs-core';
import { afterKernel } from '@langevin/contracts';
import type { NodeBackend } from '../../compile/node-backend.js';

/**
 * Makes the order of two computations something that a graph can hold: `Identity` with a control dependency. TensorFlow never takes two
 * operations for the same one whose control dependencies differ, nor those that follow them. Calling this again changes nothing.
 */
export function registerAfterKernel(): void {
  if (getKernel(afterKernel, 'tensorflow')) return;
  registerKernel({
    kernelName: afterKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { x, after }, backend }) => {
      if (!x || !after) throw new Error(`${afterKernel}: the inputs are x and after`);
      // tfjs gives every kernel the same loose types; this backend's own are known.
      const node = backend as unknown as NodeBackend;
      const passed = node.binding.executeOp('Identity', [], node.getInputTensorIds([x]), 1, node.getInputTensorIds([after]));
      return passed.map((tensor) => node.createOutputTensor(tensor));
    },
  });
}
