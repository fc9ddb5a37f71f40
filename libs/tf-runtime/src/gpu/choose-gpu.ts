import { LangevinError } from '@langevin/contracts';
import { hidden } from './devices-for.js';
import type { GpuDevice } from './nvidia-smi.js';
import { surveyGpus } from './survey-gpus.js';
import { visibleGpus } from './visible-gpus.js';

/**
 * The GPU that a process with this environment computes on: the first that `CUDA_VISIBLE_DEVICES` shows it.
 * @throws LangevinError `runtime_missing` with the reason, in one line, when there is none
 */
export async function chooseGpu(env: NodeJS.ProcessEnv = process.env): Promise<GpuDevice> {
  const { devices, problem } = await surveyGpus(env);
  if (problem !== null) throw new LangevinError('runtime_missing', problem);
  const [device] = visibleGpus(devices, env['CUDA_VISIBLE_DEVICES']);
  if (device) return device;
  throw new LangevinError('runtime_missing', hidden(devices, env['CUDA_VISIBLE_DEVICES']));
}
