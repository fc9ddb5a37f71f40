/** A GPU, as the driver's own tool lists it. */
export interface GpuDevice {
  /** Its place in the order of the PCI bus, which is how `nvidia-smi` counts and how CUDA counts under `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  readonly index: number;
  /** For example "GPU-8f6d2a3c-…": the same for as long as the card exists. */
  readonly uuid: string;
  readonly name: string;
  /** For example "9.0". */
  readonly computeCapability: string;
  /** Release of the driver, for example "570.86.15". */
  readonly driver: string;
  /** Memory of the whole card, in MiB. */
  readonly memoryMiB: number;
}

/** The GPUs of a machine; with none, or none that can be used, the reason and what to do. */
export interface GpuSurvey {
  readonly devices: readonly GpuDevice[];
  /** One line; null exactly when there are devices. */
  readonly problem: string | null;
}

/** What a call of `nvidia-smi` came to. */
export interface ToolOutcome {
  /** Null when the program is not there. */
  readonly code: number | null;
  /** Everything that it wrote, both streams. */
  readonly output: string;
}

/** The least driver on which CUDA 12 runs (CUDA compatibility guide, "minor version compatibility"). */
const leastDriver = '525.60.13';

const install = `install NVIDIA's driver, ${leastDriver} or newer (Debian: sudo apt-get install nvidia-driver; Ubuntu: sudo ubuntu-drivers install); in a container, start it with --gpus all`;

/** What is asked of `nvidia-smi`; the columns of {@link readNvidiaSmi}. */
export const nvidiaSmiArguments = ['--query-gpu=index,uuid,name,compute_cap,driver_version,memory.total', '--format=csv,noheader,nounits'];

/** Words of `nvidia-smi`, and what they mean. The first that fits counts. */
const complaints: readonly (readonly [RegExp, string])[] = [
  [/not a valid field to query/i, `the NVIDIA driver is too old for CUDA 12: ${install}`],
  [/driver\/library version mismatch/i, "the NVIDIA driver was updated while it ran, and its two halves do not fit (driver/library version mismatch): restart this machine; a container, with the host's driver"],
  [/couldn't communicate with the NVIDIA driver/i, `nvidia-smi is here, but no NVIDIA driver is running: sudo modprobe nvidia; if that fails, ${install}`],
  [/insufficient permissions/i, 'the NVIDIA driver refuses this user: give it access to /dev/nvidia*'],
  [/no devices were found/i, 'the NVIDIA driver runs and finds no GPU: look for one with lspci -d 10de:, and in dmesg for the reason; in a container, start it with --gpus all'],
];

/**
 * Reads what `nvidia-smi` answered to {@link nvidiaSmiArguments}. Pure.
 * @param kernelDriver whether the driver's kernel module is loaded, for the case that `nvidia-smi` is not there
 */
export function readNvidiaSmi({ code, output }: ToolOutcome, kernelDriver: boolean): GpuSurvey {
  if (code === null) {
    return none(kernelDriver ? 'the NVIDIA driver is loaded, but nvidia-smi is not on the PATH: put it there; in a container, set NVIDIA_DRIVER_CAPABILITIES=compute,utility' : `no NVIDIA driver: nvidia-smi is not on the PATH; ${install}`);
  }
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  for (const [words, explanation] of complaints) {
    if (words.test(output)) return none(explanation);
  }
  const devices = lines.map(readRow).filter((device) => device !== null);
  const [first] = devices;
  if (code !== 0 || !first) return none(`nvidia-smi ended with code ${code}: ${lines[0] ?? 'it said nothing'}`);
  return isOlder(first.driver, leastDriver) ? none(`the NVIDIA driver ${first.driver} is too old for CUDA 12: ${install}`) : { devices, problem: null };
}

function none(problem: string): GpuSurvey {
  return { devices: [], problem };
}

function readRow(line: string): GpuDevice | null {
  const [index = '', uuid = '', name = '', computeCapability = '', driver = '', memory = ''] = line.split(',').map((cell) => cell.trim());
  if (!/^\d+$/.test(index) || !/^\d+\.\d+$/.test(computeCapability) || !/^\d+(\.\d+)+$/.test(driver)) return null;
  return { index: Number(index), uuid, name, computeCapability, driver, memoryMiB: Number(memory) };
}

function isOlder(version: string, least: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, wanted] of least.split('.').map(Number).entries()) {
    const part = parts[place] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
