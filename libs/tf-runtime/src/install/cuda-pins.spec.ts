import { cudaLibraries, cudaWheels, filesOf, wheelsFor } from './cuda-pins.js';
import { wheelFor } from './wheel-pins.js';

const gpu = wheelFor('linux-x64', 'gpu');
const files = gpu ? wheelsFor(gpu).flatMap(filesOf) : [];

describe('the wheels of the runtime for GPUs', () => {
  it('are TensorFlow with CUDA, and what it loads from NVIDIA, each pinned by version and digest', () => {
    expect(gpu?.packageName).toBe('tensorflow');
    for (const { packageName, version, sha256, wheelBytes, libraryBytes } of cudaWheels) {
      expect(packageName).toMatch(/^nvidia-[a-z]+(-[a-z]+)?-cu12$/);
      expect(version).toMatch(/^\d+(\.\d+){2,3}$/);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(wheelBytes).toBeGreaterThan(0);
      expect(libraryBytes).toBeGreaterThan(0);
    }
    expect(new Set(cudaWheels.map(({ sha256 }) => sha256)).size).toBe(cudaWheels.length);
  });

  // The folders in the RUNPATH of the two libraries in TensorFlow 2.21.0, seen from `tensorflow/`.
  it.each([
    ['cuda_runtime', 'libcudart.so.12'],
    ['cublas', 'libcublas.so.12'],
    ['cublas', 'libcublasLt.so.12'],
    ['cudnn', 'libcudnn.so.9'],
    ['cufft', 'libcufft.so.11'],
    ['cusolver', 'libcusolver.so.11'],
    ['cusparse', 'libcusparse.so.12'],
  ])('put %s where TensorFlow looks for %s', (folder, library) => {
    expect(files).toContain('tensorflow/libtensorflow_cc.so.2');
    expect(files).toContain(`nvidia/${folder}/lib/${library}`);
  });

  // The RPATHs of NVIDIA's libraries: $ORIGIN/../../nvjitlink/lib of cuFFT, cuSOLVER and cuSPARSE, $ORIGIN/../../nvrtc/lib of cuDNN.
  it.each(['nvidia/nvjitlink/lib/libnvJitLink.so.12', 'nvidia/nvrtc/lib/libnvrtc.so.12', 'nvidia/nvrtc/lib/libnvrtc-builtins.so.12.5'])('put %s where the others look for it', (file) => {
    expect(files).toContain(file);
  });

  // The NEEDED entries of the libraries, as readelf shows them, and what they open by name.
  it.each([
    ['libcublas.so.12', ['libcublasLt.so.12']],
    ['libcusparse.so.12', ['libnvJitLink.so.12']],
    ['libcusolver.so.11', ['libnvJitLink.so.12', 'libcusparse.so.12', 'libcublas.so.12', 'libcublasLt.so.12']],
    ['libcufft.so.11', ['libnvJitLink.so.12']],
    ['libnvrtc.so.12', ['libnvrtc-builtins.so.12.5']],
    ['libcudnn_ops.so.9', ['libcudnn_graph.so.9', 'libnvrtc.so.12', 'libcublasLt.so.12']],
    ['libcudnn_cnn.so.9', ['libcudnn_ops.so.9']],
    ['libcudnn_adv.so.9', ['libcudnn_ops.so.9']],
    ['libcudnn.so.9', ['libcudnn_cnn.so.9', 'libcudnn_engines_precompiled.so.9', 'libcudnn_engines_runtime_compiled.so.9', 'libcudnn_heuristic.so.9']],
  ])('are loaded in an order in which %s comes after what it needs', (library, needed) => {
    const order = cudaLibraries().map((file) => file.slice(file.lastIndexOf('/') + 1));
    const places = needed.map((name) => order.indexOf(name));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(order.indexOf(library)).toBeGreaterThan(Math.max(...places));
  });

  it('bring what XLA compiles with', () => {
    expect(files).toEqual(expect.arrayContaining(['nvidia/cuda_nvcc/bin/ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc']));
  });
});

it('the runtime for processors is one wheel, whose libraries lie beside the binding', () => {
  const cpu = wheelFor('linux-x64');
  expect(cpu && wheelsFor(cpu).flatMap(filesOf)).toEqual(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
  expect(wheelFor('linux-arm64', 'gpu')).toBeUndefined();
});
