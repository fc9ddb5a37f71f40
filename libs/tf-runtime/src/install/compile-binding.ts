import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LangevinError } from '@langevin/contracts';
import { compilerCommand } from './prerequisites.js';
import { runTool } from './run-tool.js';
import { bindingFile, quietLoadFile } from './runtime-cache.js';
import { tensorFlowVersion } from './wheel-pins.js';
import type { WheelPin } from './wheel-pins.js';

const require = createRequire(import.meta.url);

/** Folder of the installed `@tensorflow/tfjs-node-gpu`. */
export function tfjsNodeDirectory(): string {
  return path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/** Where the two addons are compiled, and where the finished folder goes. */
export interface CompileOptions {
  /** Holds the libraries and `include/`; the addons are left here. */
  readonly directory: string;
  readonly finalDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compiles the binding of `@tensorflow/tfjs-node-gpu` against the libraries in `directory`, and the small addon that loads
 * them without their start-up notices. The libraries are found beside the binding, or in `finalDirectory`.
 * @throws LangevinError `runtime_missing` with the compiler's last lines.
 */
export async function compileBinding(pin: WheelPin, options: CompileOptions): Promise<void> {
  const { directory, finalDirectory } = options;
  const source = path.join(tfjsNodeDirectory(), 'binding');
  const isMac = process.platform === 'darwin';
  await compileAddon(quietLoadFile, [fileURLToPath(new URL('../../native/quiet_load.cc', import.meta.url))], options);
  await compileAddon(
    bindingFile,
    [
      ...['-w', '-I', path.join(directory, 'include')],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(source, file)),
      ...pin.libraries.map((library) => path.join(directory, library)),
      ...[`-Wl,-rpath,${isMac ? '@loader_path' : '$ORIGIN'}`, `-Wl,-rpath,${finalDirectory}`],
    ],
    options,
  );
}

async function compileAddon(name: string, args: readonly string[], { directory, env, signal }: CompileOptions): Promise<void> {
  const napi = path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
  const link = process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup']
    // Without nodelete an addon would be unloaded with the last worker that used it, under the feet of TensorFlow's threads.
    : ['-Wl,-z,nodelete', '-ldl'];
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION', '-I', napi];
  await runTool(compilerCommand(env), [...flags, ...args, ...link, '-o', path.join(directory, name)], { env, signal });
}

/**
 * Loads a compiled binding in a process of its own and compares the version that it reports.
 * @throws LangevinError `runtime_missing` when it does not load, or reports another version.
 */
export async function verifyBinding(directory: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const script = 'process.stdout.write(require(process.argv[1]).TF_Version)';
  const quiet = { ...env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const version = await runTool(process.execPath, ['-e', script, path.join(directory, bindingFile)], { env: quiet, signal });
  if (version !== tensorFlowVersion) {
    throw new LangevinError('runtime_missing', `the binding in ${directory} reports TensorFlow ${version}, expected ${tensorFlowVersion}`);
  }
}
