import { getKernel, registerKernel, type KernelConfig, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { fusedKernels, type AdamKernelAttributes, type Conv2DKernelAttributes, type GroupNormKernelAttributes } from '@langevin/contracts';
import type { BindingAttribute, NativeBinding } from '../../compile/node-backend.js';

/** What the backend of `@tensorflow/tfjs-node-gpu` is to its kernels. */
interface KernelBackend {
  readonly binding: NativeBinding;
  executeMultipleOutputs(op: string, attributes: readonly BindingAttribute[], inputs: readonly TensorInfo[], outputs: number): TensorInfo[];
}

/** A kernel of the same name as TensorFlow's operation. */
function kernelOf<A>(name: string, inputNames: readonly string[], outputs: number, attributesOf: (attributes: A, binding: NativeBinding) => BindingAttribute[]): KernelConfig {
  return {
    kernelName: name,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      // tfjs gives every kernel the same loose types; this backend's own, and the attributes that callers of this name pass, are known.
      const { binding, executeMultipleOutputs } = backend as unknown as KernelBackend;
      const attributes = attributesOf(attrs as unknown as A, binding);
      return executeMultipleOutputs.call(backend, name, attributes, inputNames.map((input) => inputNamed(inputs, name, input)), outputs);
    },
  };
}

function inputNamed(inputs: NamedTensorInfoMap, kernel: string, name: string): TensorInfo {
  const input = inputs[name];
  if (!input) throw new Error(`${kernel}: the input ${name} is missing`);
  return input;
}

const layer = ['x', 'scale', 'offset', 'shift'];

function groupNormAttributes({ groups, epsilon, activate }: GroupNormKernelAttributes, { TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL }: NativeBinding): BindingAttribute[] {
  return [
    { name: 'groups', type: TF_ATTR_INT, value: groups },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'activate', type: TF_ATTR_BOOL, value: activate },
  ];
}

function convolutionAttributes({ doubled, rounded }: Conv2DKernelAttributes, { TF_ATTR_BOOL }: NativeBinding): BindingAttribute[] {
  return Object.entries({ doubled, rounded }).map(([name, value]) => ({ name, type: TF_ATTR_BOOL, value }));
}

/** 1 − β is rounded once, from float64: that is what `1 - beta1` in a tensor operation gives. */
function adamAttributes({ beta1, beta2, epsilon }: AdamKernelAttributes, { TF_ATTR_FLOAT }: NativeBinding): BindingAttribute[] {
  const values = { beta1, one_minus_beta1: 1 - beta1, beta2, one_minus_beta2: 1 - beta2, epsilon };
  return Object.entries(values).map(([name, value]) => ({ name, type: TF_ATTR_FLOAT, value }));
}

/** Makes the operations of `native/ops` kernels of TensorFlow.js. The addon that holds them has to be loaded. Calling this again changes nothing. */
export function registerFusedKernels(): void {
  if (getKernel(fusedKernels.groupNorm, 'tensorflow')) return;
  registerKernel(kernelOf(fusedKernels.groupNorm, layer, 3, groupNormAttributes));
  registerKernel(kernelOf(fusedKernels.groupNormGrad, ['dy', ...layer, 'mean', 'inverseDeviation'], 4, groupNormAttributes));
  registerKernel(kernelOf(fusedKernels.conv2d, ['x', 'filter', 'bias'], 1, convolutionAttributes));
  registerKernel(kernelOf(fusedKernels.conv2dInputGrad, ['dy', 'filter'], 1, convolutionAttributes));
  registerKernel(kernelOf(fusedKernels.conv2dFilterGrad, ['x', 'dy'], 1, convolutionAttributes));
  registerKernel(kernelOf(fusedKernels.adam, ['params', 'm', 'v', 'ema', 'gradient', 'stepSize', 'rootCorrection', 'shrink', 'decay'], 4, adamAttributes));
  registerKernel(kernelOf(fusedKernels.toBfloat16, ['x'], 1, () => []));
}
