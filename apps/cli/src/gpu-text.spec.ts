import type { GpuDevice, GpuFacts, GpuSurvey } from '@langevin/tf-runtime';
import { gpuLines, type GpuSituation } from './gpu-text.js';

const h100: GpuDevice = { index: 0, uuid: 'GPU-a', name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0', driver: '570.86.15', memoryMiB: 81_559 };
const facts: GpuFacts = { name: h100.name, computeCapability: '9.0', driver: h100.driver, cuda: '12.5.82', cuDnn: '9.3.0.75', deterministic: true, autotune: false, tf32: false };
const one: GpuSurvey = { devices: [h100], problem: null };
const situation: GpuSituation = { facts: null, survey: one, installed: true, setupCommand: 'npm run setup:tensorflow -- --gpu', why: null };

const card = 'gpu 0        NVIDIA H100 80GB HBM3, compute capability 9.0, driver 570.86.15, 80 GiB';

describe('gpuLines', () => {
  it('name the GPU that computes, with its compute capability and driver, and how', () => {
    expect(gpuLines({ ...situation, facts })).toEqual([card, 'computes on  NVIDIA H100 80GB HBM3, CUDA 12.5.82, cuDNN 9.3.0.75; deterministic, no TF32, no autotuning']);
    const loose = { ...facts, deterministic: false, autotune: true, tf32: true };
    expect(gpuLines({ ...situation, facts: loose })[1]).toMatch(/; NOT deterministic, TF32, autotuned$/);
  });

  it('say how to use a GPU that is there', () => {
    expect(gpuLines({ ...situation, installed: false })).toEqual([card, 'gpu unused   for its runtime run: npm run setup:tensorflow -- --gpu']);
  });

  it('say why the runtime does not use it', () => {
    const why = "tensorflow-gpu: CUDA_VISIBLE_DEVICES=-1 shows none of this machine's GPUs: 0 (NVIDIA H100 80GB HBM3)";
    expect(gpuLines({ ...situation, why })).toEqual([card, `gpu unused   ${why}`]);
  });

  it('explain a missing driver, and a driver without a GPU', () => {
    for (const problem of ['no NVIDIA driver: …', 'the NVIDIA driver runs and finds no GPU: …']) {
      expect(gpuLines({ ...situation, survey: { devices: [], problem } })).toEqual([`gpu          none: ${problem}`]);
    }
  });
});
