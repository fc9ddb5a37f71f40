import { machineNumerics } from './machine-numerics.js';
import type { RuntimeFacts } from './runtime-facts.js';

const facts: RuntimeFacts = {
  ...{ backend: 'tensorflow-cpu 2.21.0', gpu: null, tensorFlow: '2.21.0', binding: '4.22.0-r3', tfjs: '4.22.0', node: '22.12.0', platform: 'linux-x64' },
  ...{ cpuModel: 'a processor', isa: ['avx2', 'fma'], threads: 1, oneDnn: true },
};

describe('machineNumerics', () => {
  it('says nothing about GPUs where none computes', () => {
    expect(machineNumerics(facts)).toEqual({
      ...{ backend: 'tensorflow-cpu 2.21.0', binding: '4.22.0-r3', tfjs: '4.22.0', platform: 'linux-x64' },
      ...{ cpuModel: 'a processor', isa: 'avx2 fma', threads: '1', oneDnn: 'true' },
    });
  });

  it('tells apart GPUs, drivers, libraries, and what may change the bits of a result on them', () => {
    const gpu = { name: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', cuda: '12.5.82', cuDnn: '9.3.0.75', deterministic: true, autotune: false, tf32: false };
    expect(machineNumerics({ ...facts, backend: 'tensorflow-gpu 2.21.0', gpu })).toEqual({
      ...machineNumerics(facts),
      ...{ backend: 'tensorflow-gpu 2.21.0', gpu: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', cuda: '12.5.82', cuDnn: '9.3.0.75' },
      ...{ deterministic: 'true', autotune: 'false', tf32: 'false' },
    });
  });
});
