import { bindingVersion } from '../install/wheel-pins.js';
import { loadTensorFlow } from '../load/load-tensorflow.js';
import { gpuEnvironment } from './runtime-environment.js';
import { runtimeFacts } from './runtime-facts.js';

it('collects what the results of a portable backend depend on', async () => {
  const facts = runtimeFacts(await loadTensorFlow({ backend: 'wasm' }), { TF_NUM_INTRAOP_THREADS: '8' });
  expect(facts).toMatchObject({ backend: 'wasm 4.22.0', tensorFlow: null, binding: null, tfjs: '4.22.0', threads: 1, oneDnn: false });
  expect(facts.node).toBe(process.versions.node);
  expect(facts.platform).toBe(`${process.platform}-${process.arch}`);
  expect([...facts.isa].sort()).toEqual(facts.isa);
});

it('collects the versions, threads and oneDNN of the native backend', async () => {
  const portable = await loadTensorFlow({ backend: 'cpu' });
  const native = { ...portable, kind: 'tensorflow-cpu' as const, backend: 'tensorflow-cpu 2.21.0', fast: true };
  const facts = runtimeFacts(native, { TF_NUM_INTRAOP_THREADS: '2', TF_ENABLE_ONEDNN_OPTS: '1' });
  expect(facts).toMatchObject({ backend: 'tensorflow-cpu 2.21.0', tensorFlow: '2.21.0', binding: bindingVersion, threads: 2, oneDnn: true });
  expect(runtimeFacts(native, { TF_ENABLE_ONEDNN_OPTS: '0' })).toMatchObject({ threads: null, oneDnn: false });
});

it('names the GPU that computes, and everything that its results depend on', async () => {
  const gpu = { index: 1, uuid: 'GPU-b', name: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', memoryMiB: 23_034 };
  const runtime = { ...(await loadTensorFlow({ backend: 'cpu' })), kind: 'tensorflow-gpu' as const, backend: 'tensorflow-gpu 2.21.0', fast: true, gpu };
  const fixed = { deterministic: true, autotune: false, tf32: false };
  const card = { name: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', cuda: '12.5.82', cuDnn: '9.3.0.75' };
  expect(runtimeFacts(runtime, gpuEnvironment(1)).gpu).toEqual({ ...card, ...fixed });
  expect(runtimeFacts(runtime, {}).gpu).toEqual({ ...card, deterministic: false, autotune: true, tf32: true });
});
