import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { nvidiaSmiArguments, readNvidiaSmi, type GpuSurvey, type ToolOutcome } from './nvidia-smi.js';

/** A driver that starts its first GPU takes seconds; one that hangs is as good as none. */
const limitMs = 30_000;

/** Where WSL2 keeps the tool, outside the PATH. */
const wslFolder = '/usr/lib/wsl/lib';

/**
 * Asks the driver of this machine for its GPUs, through `nvidia-smi`. Never throws: whatever is in the way is the survey's `problem`.
 * @param env whose PATH is searched. @default process.env
 */
export async function surveyGpus(env: NodeJS.ProcessEnv = process.env): Promise<GpuSurvey> {
  if (process.platform !== 'linux') return { devices: [], problem: `NVIDIA GPUs are used under Linux alone, not under ${process.platform}` };
  const kernelDriver = existsSync('/proc/driver/nvidia/version');
  return readNvidiaSmi(await callNvidiaSmi({ ...env, PATH: [env['PATH'], wslFolder].filter(Boolean).join(':') }), kernelDriver);
}

function callNvidiaSmi(env: NodeJS.ProcessEnv): Promise<ToolOutcome> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', nvidiaSmiArguments, { env, timeout: limitMs, encoding: 'utf8' }, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`;
      if (!error) resolve({ code: 0, output });
      else if (error.killed) resolve({ code: 124, output: `no answer within ${limitMs / 1000} s` });
      // A number is its exit code; a word such as ENOENT says that it did not run.
      else resolve({ code: typeof error.code === 'number' ? error.code : null, output });
    });
  });
}
