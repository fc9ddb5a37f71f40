import { loadTensorFlow } from '../load/load-tensorflow.js';
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
  expect(facts).toMatchObject({ backend: 'tensorflow-cpu 2.21.0', tensorFlow: '2.21.0', binding: '4.22.0-r2', threads: 2, oneDnn: true });
  expect(runtimeFacts(native, { TF_ENABLE_ONEDNN_OPTS: '0' })).toMatchObject({ threads: null, oneDnn: false });
});
