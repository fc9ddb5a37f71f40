import { statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { compileBinding, verifyBinding } from './compile-binding.js';
import { downloadWheel } from './download-wheel.js';
import { megabytes, missingPrerequisites } from './prerequisites.js';
import type { MissingPrerequisite } from './prerequisites.js';
import { buildDirectory, publishRuntime, removeAbandoned } from './publish-runtime.js';
import { bindingFile, currentPlatform, isRuntimeComplete, quietLoadFile, recordFile, runtimeDirectory } from './runtime-cache.js';
import type { RuntimeRecord } from './runtime-cache.js';
import { unpackWheel } from './unpack-wheel.js';
import { bindingVersion, tensorFlowVersion, wheelFor } from './wheel-pins.js';
import type { WheelPin } from './wheel-pins.js';

/** Room for the headers, which are deleted once the binding is compiled, and for the file system's own needs. */
const headerBytes = 320e6;

/** How {@link installRuntime} works. */
export interface InstallOptions {
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
 * Makes the native TensorFlow runtime: fetches the pinned wheel, unpacks two libraries, compiles the binding of
 * TensorFlow.js against them, and puts all of it into the cache with one rename. Does nothing when it is there already.
 * Processes that race all succeed; a crash leaves only a folder that nobody believes and that the next call removes.
 * @throws LangevinError when a download, an unpacking or the compiler fails.
 */
export async function installRuntime(options: InstallOptions = {}): Promise<InstallResult> {
  const env = options.env ?? process.env;
  const say = options.onProgress ?? (() => undefined);
  const directory = runtimeDirectory(env);
  if (isRuntimeComplete(directory)) return { status: 'ready', directory, built: false };

  const pin = wheelFor(currentPlatform());
  const requiredBytes = pin ? pin.wheelBytes + pin.libraryBytes + headerBytes : 0;
  const missing = await missingPrerequisites({ directory, requiredBytes, env });
  if (!pin || missing.length > 0) return { status: 'missing', missing };

  say(
    `TensorFlow ${tensorFlowVersion} for ${pin.platform}: ${megabytes(pin.wheelBytes)} to download, ` +
      `${megabytes(pin.libraryBytes)} unpacked, into ${directory}`,
  );
  if (!pin.tested) say(`nobody has tested this on ${pin.platform} yet: please tell us how it went`);
  await removeAbandoned(directory);
  const building = buildDirectory(directory);
  await mkdir(building, { recursive: true });
  try {
    await build(pin, { building, directory, env, say, signal: options.signal });
    await publishRuntime(building, directory);
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
  const scratch = path.join(building, 'scratch');
  const wheel = await downloadWheel(pin, scratch, { onProgress: say, env, signal });
  say('unpacking two libraries');
  await unpackWheel(wheel, pin, building, signal);
  await rm(scratch, { recursive: true, force: true });
  say("compiling TensorFlow.js's binding (about 20 s)");
  await compileBinding(pin, { directory: building, finalDirectory: directory, env, signal });
  await rm(path.join(building, 'include'), { recursive: true, force: true });
  await verifyBinding(building, env, signal);
  const names = [...pin.libraries, bindingFile, quietLoadFile];
  const record: RuntimeRecord = {
    tensorFlow: tensorFlowVersion,
    binding: bindingVersion,
    wheelSha256: pin.sha256,
    files: Object.fromEntries(names.map((name) => [name, statSync(path.join(building, name)).size])),
  };
  writeFileSync(path.join(building, recordFile), `${JSON.stringify(record, null, 2)}\n`);
}
