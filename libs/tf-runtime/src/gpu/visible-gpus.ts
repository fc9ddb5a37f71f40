import type { GpuDevice } from './nvidia-smi.js';

/**
 * The GPUs that a process with this `CUDA_VISIBLE_DEVICES` sees, in its order: numbers or beginnings of UUIDs, of which the first
 * that names no GPU ends the list (CUDA C++ programming guide, "CUDA environment variables"). Numbers count in the order of the PCI bus.
 * @param list the variable; undefined shows all
 */
export function visibleGpus(devices: readonly GpuDevice[], list: string | undefined): readonly GpuDevice[] {
  if (list === undefined) return devices;
  const visible: GpuDevice[] = [];
  for (const word of list.split(',').map((each) => each.trim())) {
    const device = devices.find(({ index, uuid }) => (/^\d+$/.test(word) ? index === Number(word) : word.startsWith('GPU-') && uuid.startsWith(word)));
    if (!device) break;
    visible.push(device);
  }
  return visible;
}
