import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LangevinError } from '@langevin/contracts';
import { cudaLibraries } from './cuda-pins.js';
import { compilerCommand } from './prerequisites.js';
import { runTool } from './run-tool.js';
import { addonFile, bindingFile, quietLoadFile } from './runtime-cache.js';
import { libraryFolder, tensorFlowVersion } from './wheel-pins.js';
import type { WheelPin } from './wheel-pins.js';

const require = createRequire(import.meta.url);

const native = fileURLToPath(new URL('../../native', import.meta.url));

const addonSources = ['team.cc', 'session/session.cc', ...['group_norm.cc', 'operations.cc', 'panels.cc', 'winograd.cc'].map((file) => `ops/${file}`)];

/** Vectors, but the same bits with and without fused multiplication and addition. */
const exactArithmetic = ['-O3', '-ffp-contract=off', '-fno-math-errno'];

/** Folder of the installed `@tensorflow/tfjs-node-gpu`. */
export function tfjsNodeDirectory(): string {
  return path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/** Where the addons are compiled, and where the finished folder goes. */
export interface CompileOptions {
  /** Holds the libraries and `include/`; the addons are left here. */
  readonly directory: string;
  readonly finalDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compiles the binding of `@tensorflow/tfjs-node-gpu` against the libraries in `directory`, and the small addon that loads
 * them without their start-up notices, and ours, with sessions and operations. The libraries are found beside the binding, or in
 * `finalDirectory`, in the folder that the pin says.
 * @throws LangevinError `runtime_missing` with the compiler's last lines.
 */
export async function compileBinding(pin: WheelPin, options: CompileOptions): Promise<void> {
  const { directory, finalDirectory } = options;
  const source = path.join(tfjsNodeDirectory(), 'binding');
  const isMac = process.platform === 'darwin';
  const folder = libraryFolder(pin);
  const tensorFlow = [
    ...['-w', '-I', path.join(directory, folder, 'include')],
    ...pin.libraries.map((library) => path.join(directory, library)),
    ...[isMac ? '@loader_path' : '$ORIGIN', finalDirectory].map((place) => `-Wl,-rpath,${path.posix.join(place, folder)}`),
  ];
  await compileAddon(quietLoadFile, [path.join(native, 'quiet_load.cc')], options);
  await Promise.all([
    compileAddon(bindingFile, [...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(source, file)), ...tensorFlow], options),
    compileAddon(addonFile, [...exactArithmetic, ...addonSources.map((file) => path.join(native, file)), ...tensorFlow], options),
  ]);
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

/**
 * Loads NVIDIA's libraries in a process of its own: what one of them needs and neither the runtime nor the system has shows here, and
 * not when a GPU is to compute. None of them needs a driver for that.
 * @throws LangevinError `runtime_missing` with the words of the dynamic linker
 */
export async function verifyCuda(directory: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const libraries = cudaLibraries().map((file) => path.join(directory, file));
  const script = "const [addon, ...libraries] = process.argv.slice(1); for (const library of libraries) require(addon).load(library, '2')";
  await runTool(process.execPath, ['-e', script, path.join(directory, quietLoadFile), ...libraries], { env, signal });
}
