import { LangevinError } from '@langevin/contracts';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import type { GpuDevice, GpuSurvey } from './nvidia-smi.js';
import { surveyGpus } from './survey-gpus.js';
import { visibleGpus } from './visible-gpus.js';

/**
 * The devices that somebody asks for: all GPUs that `CUDA_VISIBLE_DEVICES` shows, no GPU, some by their numbers in the order of the PCI bus,
 * or `auto`, which is all that can be used, if any.
 */
export type DeviceRequest = 'auto' | 'all' | 'none' | readonly number[];

/** The number of a GPU; null for the processor, with all GPUs hidden. */
export type ComputeDevice = number | null;

/**
 * The devices that processes are to be started on, one each. None at all means that there is nothing to choose: the processor
 * computes. Asks the driver only where the runtime for GPUs is installed.
 * @throws LangevinError `runtime_missing`, with the reason in one line, when GPUs were asked for and cannot be used;
 * `invalid_argument` for a number that no GPU has
 */
export async function devicesFor(request: DeviceRequest, env: NodeJS.ProcessEnv = process.env): Promise<readonly ComputeDevice[]> {
  if (request === 'none') return [null];
  const installed = isRuntimeComplete(runtimeDirectory(env, 'gpu'));
  if (!installed && request === 'auto') return [];
  if (!installed) throw new LangevinError('runtime_missing', 'the runtime for GPUs is not installed; run: npm run setup:tensorflow -- --gpu');
  return chooseDevices(request, await surveyGpus(env), env['CUDA_VISIBLE_DEVICES']);
}

/**
 * The devices of a request among those of a survey. Pure.
 * @param list `CUDA_VISIBLE_DEVICES`
 * @throws LangevinError as {@link devicesFor}
 */
export function chooseDevices(request: Exclude<DeviceRequest, 'none'>, { devices, problem }: GpuSurvey, list: string | undefined): readonly number[] {
  const visible = visibleGpus(devices, list).map(({ index }) => index);
  if (request === 'auto') return visible;
  if (problem !== null) throw new LangevinError('runtime_missing', `there is no GPU to compute on: ${problem}`);
  if (request === 'all') {
    if (visible.length === 0) throw new LangevinError('runtime_missing', hidden(devices, list));
    return visible;
  }
  const unknown = request.find((wanted) => !devices.some(({ index }) => index === wanted));
  if (unknown !== undefined) throw new LangevinError('invalid_argument', `there is no GPU ${unknown} here; there are ${named(devices)}`);
  return request;
}

/** Why no GPU of a machine that has some can be used. */
export function hidden(devices: readonly GpuDevice[], list: string | undefined): string {
  return `CUDA_VISIBLE_DEVICES=${list ?? ''} shows none of this machine's GPUs: ${named(devices)}`;
}

function named(devices: readonly GpuDevice[]): string {
  return devices.map(({ index, name }) => `${index} (${name})`).join(', ');
}
