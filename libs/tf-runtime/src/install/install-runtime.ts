import { statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { assembleLibraries, keptWheels } from './assemble-libraries.js';
import { compileBinding, verifyBinding, verifyCuda } from './compile-binding.js';
import { filesOf, wheelsFor } from './cuda-pins.js';
import { megabytes, missingPrerequisites } from './prerequisites.js';
import type { MissingPrerequisite } from './prerequisites.js';
import { buildDirectory, publishRuntime, removeAbandoned } from './publish-runtime.js';
import { addonFile, bindingFile, currentPlatform, isRuntimeComplete, quietLoadFile, recordFile, runtimeDirectory } from './runtime-cache.js';
import type { RuntimeRecord } from './runtime-cache.js';
import { bindingVersion, libraryFolder, tensorFlowVersion, wheelFor } from './wheel-pins.js';
import type { RuntimeFlavor, WheelPin } from './wheel-pins.js';

/** Room for the headers, which are deleted once the binding is compiled, and for the file system's own needs. */
const headerBytes = 320e6;

/** How {@link installRuntime} works. */
export interface InstallOptions {
  /** `gpu` adds NVIDIA's libraries, and needs no GPU to be built. @default 'cpu' */
  readonly flavor?: RuntimeFlavor;
  /** Receives one line at a time for people to read. @default nothing is said */
  readonly onProgress?: (line: string) => void;
  /** Variables for the tools; `LANGEVIN_CACHE`, `CXX`, pip's and the proxies' are looked up here. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the installation; what was built so far is removed. */
  readonly signal?: AbortSignal;
}

/** How an installation ended. Nothing was downloaded or written when something is missing. */
export type InstallResult =
  | { readonly status: 'ready'; readonly directory: string; readonly built: boolean }
  | { readonly status: 'missing'; readonly missing: readonly MissingPrerequisite[] };

/**
 * Makes the native TensorFlow runtime: fetches the pinned wheels, unpacks the libraries, compiles the binding of
 * TensorFlow.js against them, and puts all of it into the cache with one rename. Does nothing when it is there already.
 * Of several wheels, those that an installation that failed had fetched are not fetched again.
 * Processes that race all succeed; a crash leaves only a folder that nobody believes and that the next call removes.
 * @throws LangevinError when a download, an unpacking or the compiler fails.
 */
export async function installRuntime(options: InstallOptions = {}): Promise<InstallResult> {
  const { flavor = 'cpu', env = process.env, onProgress: say = () => undefined } = options;
  const directory = runtimeDirectory(env, flavor);
  if (isRuntimeComplete(directory)) return { status: 'ready', directory, built: false };

  const pin = wheelFor(currentPlatform(), flavor);
  const wheels = pin ? wheelsFor(pin) : [];
  const wheelBytes = wheels.reduce((sum, wheel) => sum + wheel.wheelBytes, 0);
  const libraryBytes = wheels.reduce((sum, wheel) => sum + wheel.libraryBytes, 0);
  const missing = await missingPrerequisites({ directory, requiredBytes: pin ? wheelBytes + libraryBytes + headerBytes : 0, flavor, env });
  if (!pin || missing.length > 0) return { status: 'missing', missing };

  say(
    `TensorFlow ${tensorFlowVersion} for ${flavor === 'gpu' ? 'GPUs on ' : ''}${pin.platform}: ${megabytes(wheelBytes)} to download, ` +
      `${megabytes(libraryBytes)} unpacked, into ${directory}`,
  );
  if (wheels.length > 1) for (const wheel of wheels) say(`  ${wheel.packageName} ${wheel.version}: ${megabytes(wheel.wheelBytes)}, ${megabytes(wheel.libraryBytes)} unpacked`);
  if (!pin.tested) say(`nobody has tested this on ${flavor === 'gpu' ? 'a GPU' : pin.platform} yet: please tell us how it went`);
  await removeAbandoned(directory);
  const building = buildDirectory(directory);
  await mkdir(building, { recursive: true });
  try {
    await build(pin, { building, directory, env, say, signal: options.signal });
    await publishRuntime(building, directory);
    await rm(keptWheels(directory), { recursive: true, force: true });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  say(`TensorFlow ${tensorFlowVersion} is ready`);
  return { status: 'ready', directory, built: true };
}

interface Build {
  readonly building: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

async function build(pin: WheelPin, { building, directory, env, say, signal }: Build): Promise<void> {
  const wheels = wheelsFor(pin);
  await assembleLibraries(wheels, { building, keep: wheels.length > 1 ? keptWheels(directory) : null, onProgress: say, env, signal });
  say("compiling TensorFlow.js's binding and a few operations (about a minute)");
  await compileBinding(pin, { directory: building, finalDirectory: directory, env, signal });
  await rm(path.join(building, libraryFolder(pin), 'include'), { recursive: true, force: true });
  await verifyBinding(building, env, signal);
  if (pin.flavor === 'gpu') await verifyCuda(building, env, signal);
  const names = [...wheels.flatMap(filesOf), bindingFile, quietLoadFile, addonFile];
  const record: RuntimeRecord = {
    tensorFlow: tensorFlowVersion,
    binding: bindingVersion,
    wheelSha256: pin.sha256,
    files: Object.fromEntries(names.map((name) => [name, statSync(path.join(building, name)).size])),
  };
  writeFileSync(path.join(building, recordFile), `${JSON.stringify(record, null, 2)}\n`);
}
