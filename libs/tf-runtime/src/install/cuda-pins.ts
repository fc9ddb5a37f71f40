import path from 'node:path';
import type { WheelContents } from './unpack-wheel.js';
import { libraryFolder, type PinnedWheel, type WheelPin } from './wheel-pins.js';

/** A wheel, and what of it becomes part of a runtime. */
export interface RuntimeWheel extends PinnedWheel, WheelContents {
  /** Where that goes, inside the runtime's folder. */
  readonly folder: string;
}

/** Release of CUDA's runtime library. */
export const cudaVersion = '12.5.82';

/** Release of cuDNN. */
export const cuDnnVersion = '9.3.0.75';

/**
 * What TensorFlow 2.21.0 loads from NVIDIA, in the releases that it was built with: the least of the ranges in its extra
 * `and-cuda`. TensorFlow looks for them in `../nvidia/NAME/lib` seen from its own folder, for cuSOLVER in vain. Each comes after those
 * that it needs. Left out of the extra are what measures and what speaks between GPUs (cupti, nccl), as a process has one GPU, and
 * cuRAND, for which TensorFlow has no use.
 */
export const cudaWheels: readonly RuntimeWheel[] = [
  {
    ...nvidia('nvidia-cuda-runtime-cu12', cudaVersion, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'),
    wheelBytes: 895_707,
    libraryBytes: 712_032,
    ...wholeFolder('cuda_runtime', ['libcudart.so.12']),
  },
  {
    ...nvidia('nvidia-nvjitlink-cu12', '12.5.82', 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'),
    wheelBytes: 21_298_879,
    libraryBytes: 54_560_656,
    ...wholeFolder('nvjitlink', ['libnvJitLink.so.12']),
  },
  {
    ...nvidia('nvidia-cublas-cu12', '12.5.3.2', 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
    wheelBytes: 363_313_169,
    libraryBytes: 550_949_008,
    ...wholeFolder('cublas', ['libcublasLt.so.12', 'libcublas.so.12']),
  },
  {
    ...nvidia('nvidia-cusparse-cu12', '12.5.1.3', '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'),
    wheelBytes: 217_558_979,
    libraryBytes: 295_715_544,
    ...wholeFolder('cusparse', ['libcusparse.so.12']),
  },
  {
    ...nvidia('nvidia-cusolver-cu12', '11.6.3.83', '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'),
    wheelBytes: 130_341_232,
    libraryBytes: 127_953_480,
    ...wholeFolder('cusolver', ['libcusolver.so.11']),
  },
  {
    ...nvidia('nvidia-cufft-cu12', '11.2.3.61', '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
    wheelBytes: 192_524_114,
    libraryBytes: 276_827_776,
    ...wholeFolder('cufft', ['libcufft.so.11']),
  },
  {
    ...nvidia('nvidia-cuda-nvrtc-cu12', '12.5.82', '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'),
    wheelBytes: 24_873_108,
    libraryBytes: 68_243_664,
    ...wholeFolder('cuda_nvrtc', ['libnvrtc-builtins.so.12.5', 'libnvrtc.so.12']),
    // Where cuDNN looks for it, which is not where the wheel has it.
    folder: 'nvidia/nvrtc',
  },
  {
    ...nvidia('nvidia-cudnn-cu12', cuDnnVersion, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
    wheelBytes: 577_163_502,
    libraryBytes: 885_338_960,
    ...wholeFolder('cudnn', ['_graph', '_ops', '_cnn', '_adv', '_heuristic', '_engines_precompiled', '_engines_runtime_compiled', ''].map((part) => `libcudnn${part}.so.9`)),
  },
  {
    ...nvidia('nvidia-cuda-nvcc-cu12', '12.5.82', 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0'),
    wheelBytes: 22_468_537,
    libraryBytes: 31_408_356,
    source: 'nvidia/cuda_nvcc',
    folder: 'nvidia/cuda_nvcc',
    members: ['bin/ptxas', 'nvvm/libdevice/libdevice.10.bc'],
  },
];

/** Every wheel that a runtime is put together from, TensorFlow's own first. */
export function wheelsFor(pin: WheelPin): readonly RuntimeWheel[] {
  const members = [...pin.libraries.map((library) => path.posix.basename(library)), 'include/'];
  return [{ ...pin, source: 'tensorflow', members, folder: libraryFolder(pin) }, ...(pin.flavor === 'gpu' ? cudaWheels : [])];
}

/** Every file of a wheel that stays, by its path inside the runtime's folder; the headers go when the binding is compiled. */
export function filesOf({ folder, members }: RuntimeWheel): string[] {
  return members.filter((member) => !member.endsWith('/')).map((member) => path.posix.join(folder, member));
}

/** NVIDIA's shared libraries inside the folder of a runtime, each after those that it needs. */
export function cudaLibraries(): string[] {
  return cudaWheels.flatMap(filesOf).filter((file) => /\.so(\.|$)/.test(file));
}

function nvidia(packageName: string, version: string, sha256: string) {
  return { packageName, version, sha256, pipPlatform: 'manylinux2014_x86_64' };
}

function wholeFolder(name: string, libraries: readonly string[]) {
  return { source: `nvidia/${name}`, folder: `nvidia/${name}`, members: libraries.map((library) => `lib/${library}`) };
}
