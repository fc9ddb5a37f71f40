import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bindingFile, isRuntimeComplete, quietLoadFile, recordFile, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow } from './load-tensorflow.js';

const packageRoot = path.resolve(__dirname, '..', '..');
const run = promisify(execFile);
const built = (module: string): string => JSON.stringify(pathToFileURL(path.join(packageRoot, 'dist', module)).href);
const evaluate = async (script: string) => (await run(process.execPath, ['--input-type=module', '-e', script], { cwd: packageRoot })).stdout;

// A machine without a C++ compiler has no native TensorFlow; `npm test` builds it wherever it can.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;
const withoutDriver = existsSync('/proc/driver/nvidia/version') ? it.skip : it;

beforeAll(() => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'tsconfig.lib.json'], { cwd: packageRoot, stdio: 'inherit' });
}, 120_000);

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-native-'));
  env = { LANGEVIN_CACHE: root, PATH: path.join(root, 'bin') };
  mkdirSync(path.join(root, 'bin'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A folder that passes for the runtime for GPUs, and an `nvidia-smi` that lists a GPU. */
function pretendGpu(): string {
  const directory = runtimeDirectory(env, 'gpu');
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'library'), 'x');
  writeFileSync(path.join(directory, recordFile), '{"files":{"library":1}}');
  const tool = path.join(root, 'bin', 'nvidia-smi');
  writeFileSync(tool, '#!/bin/sh\necho "0, GPU-a, NVIDIA L4, 8.9, 570.86.15, 23034"\n');
  chmodSync(tool, 0o755);
  return directory;
}

describe('the runtime for GPUs', () => {
  it('is refused by name where it is not installed, with the command that gets it', async () => {
    await expect(loadTensorFlow({ backend: 'tensorflow-gpu', env })).rejects.toMatchObject({
      code: 'runtime_missing',
      message: `tensorflow-gpu: TensorFlow 2.21.0 for GPUs is not installed in ${runtimeDirectory(env, 'gpu')}; run: npm run setup:tensorflow -- --gpu`,
    });
  });

  it('gives way, where it is installed and there is no driver, and says why', async () => {
    pretendGpu();
    rmSync(path.join(root, 'bin', 'nvidia-smi'));
    const lines: string[] = [];
    const runtime = await loadTensorFlow({ env, log: (line) => lines.push(line) });
    expect(runtime).toMatchObject({ kind: 'wasm', fast: false });
    expect(runtime.why).toMatch(/^tensorflow-gpu: .*nvidia-smi is not on the PATH.*; tensorflow-cpu: /);
    expect(lines).toEqual([`TensorFlow runs on wasm 4.22.0, which is slower: ${runtime.why}`]);
  });

  it('needs, in a worker, a process that has started with what the libraries read', async () => {
    pretendGpu();
    const worker = `import { parentPort } from 'node:worker_threads';
      const { loadTensorFlow } = await import(${built('index.js')});
      await loadTensorFlow({ backend: 'tensorflow-gpu', env: ${JSON.stringify(env)} }).catch((error) => parentPort.postMessage(error.message));`;
    const script = `import { Worker } from 'node:worker_threads';
      new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)}))).on('message', (line) => process.stdout.write(line));`;
    expect(await evaluate(script)).toMatch(/^tensorflow-gpu: the worker thread for NVIDIA L4 needs a process that starts with CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=0 /);
  });
});

native('beside the runtime for processors', () => {
  withoutDriver('the runtime for GPUs says which library of the driver is missing', async () => {
    copyFileSync(path.join(runtimeDirectory(), quietLoadFile), path.join(pretendGpu(), quietLoadFile));
    const script = `const { loadTensorFlow } = await import(${built('index.js')});
      await loadTensorFlow({ backend: 'tensorflow-gpu', env: ${JSON.stringify(env)} }).catch((error) => process.stdout.write(error.message));`;
    expect(await evaluate(script)).toMatch(/^tensorflow-gpu: the NVIDIA driver's libcuda\.so\.1 does not load \(libcuda\.so\.1: cannot open .*\): install the driver whole; /);
  }, 60_000);

  it('another binding is taken without touching the link of the first', async () => {
    const binding = path.join(root, bindingFile);
    copyFileSync(path.join(runtimeDirectory(), bindingFile), binding);
    const script = `import { createRequire } from 'node:module';
      const { pointToBinding } = await import(${built('load/point-to-binding.js')});
      const { restoreRemovedUtilities } = await import(${built('load/node-compat.js')});
      restoreRemovedUtilities();
      pointToBinding(${JSON.stringify(root)});
      await import('@tensorflow/tfjs-node-gpu');
      const loaded = Object.keys(createRequire(${JSON.stringify(`${packageRoot}/`)}).cache).filter((name) => name.endsWith('.node'));
      process.stdout.write(JSON.stringify(loaded));`;
    expect(JSON.parse(await evaluate(script))).toEqual([binding]);
  }, 60_000);
});
