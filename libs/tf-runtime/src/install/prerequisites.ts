import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.js';
import { currentPlatform } from './runtime-cache.js';
import { wheelFor } from './wheel-pins.js';
import type { RuntimeFlavor } from './wheel-pins.js';

/** Something that this machine lacks, and the command that mends it. */
export interface MissingPrerequisite {
  readonly what: string;
  readonly why: string;
  /** The exact command for each system; the same advice for all where no package mends it. */
  readonly mend: { readonly debian: string; readonly fedora: string; readonly macos: string };
}

/** Where to look, and how much room there has to be. */
export interface PrerequisiteOptions {
  readonly directory: string;
  /** Free bytes that the build needs in `directory`. */
  readonly requiredBytes: number;
  /** @default 'cpu' */
  readonly flavor?: RuntimeFlavor;
  readonly env?: NodeJS.ProcessEnv;
}

const everywhere = (advice: string) => ({ debian: advice, fedora: advice, macos: advice });

/** Everything that building the native runtime needs and this machine lacks. Downloads nothing, writes nothing. */
export async function missingPrerequisites(options: PrerequisiteOptions): Promise<MissingPrerequisite[]> {
  const env = options.env ?? process.env;
  const found = await Promise.all([checkPlatform(options.flavor), checkPip(env), checkCompiler(env), checkDisk(options)]);
  return found.filter((missing) => missing !== undefined);
}

/** The C++ compiler: `CXX`, or the system's usual one. */
export function compilerCommand(env: NodeJS.ProcessEnv = process.env): string {
  return env['CXX'] ?? (process.platform === 'darwin' ? 'c++' : 'g++');
}

/** Megabytes (10⁶) as people read them: "274 MB". */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function checkPlatform(flavor: RuntimeFlavor = 'cpu'): MissingPrerequisite | undefined {
  const platform = currentPlatform();
  const pin = wheelFor(platform, flavor);
  const mend = everywhere(`use Linux x86-64 (on Windows: WSL2, \`wsl --install\`), or stay with ${flavor === 'gpu' ? 'the CPU runtime' : 'the slower WASM backend'}`);
  if (!pin) return { what: `a TensorFlow build for ${flavor === 'gpu' ? 'GPUs on ' : ''}this platform`, why: `there is none for ${platform}`, mend };
  if (pin.glibc === null) return undefined;
  const glibc = glibcVersion();
  if (glibc !== null && !isOlder(glibc, pin.glibc)) return undefined;
  return { what: `glibc ${pin.glibc} or newer`, why: `this system has ${glibc ? `glibc ${glibc}` : 'another C library (musl?)'}`, mend };
}

function glibcVersion(): string | null {
  // `getReport` is typed as a bare object; the header is documented in Node's "Diagnostic report".
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime ?? null;
}

function isOlder(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

async function checkPip(env: NodeJS.ProcessEnv): Promise<MissingPrerequisite | undefined> {
  const mend = {
    debian: 'sudo apt-get update && sudo apt-get install -y python3 python3-pip',
    fedora: 'sudo dnf install -y python3 python3-pip',
    macos: 'xcode-select --install',
  };
  const missing = { what: 'python3 with pip', why: 'pip fetches the TensorFlow wheel', mend };
  try {
    // Older releases of pip do not know the manylinux_x_y platform tags.
    const major = Number(/^pip (\d+)/.exec(await runTool('python3', ['-m', 'pip', '--version'], { env }))?.[1] ?? 0);
    if (major >= 21) return undefined;
    return { ...missing, what: 'pip 21 or newer', mend: everywhere('python3 -m pip install --user --upgrade pip') };
  } catch {
    // Whatever the reason that it does not run, the same command mends it.
    return missing;
  }
}

async function checkCompiler(env: NodeJS.ProcessEnv): Promise<MissingPrerequisite | undefined> {
  const command = compilerCommand(env);
  try {
    await runTool(command, ['--version'], { env });
    return undefined;
  } catch {
    // Not found or not runnable: the same command mends both.
    const mend = {
      debian: 'sudo apt-get update && sudo apt-get install -y g++',
      fedora: 'sudo dnf install -y gcc-c++',
      macos: 'xcode-select --install',
    };
    return { what: `a C++ compiler (${command})`, why: "it compiles TensorFlow.js's binding", mend };
  }
}

async function checkDisk({ directory, requiredBytes }: PrerequisiteOptions): Promise<MissingPrerequisite | undefined> {
  let existing = path.resolve(directory);
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  const freeBytes = bavail * bsize;
  if (freeBytes >= requiredBytes) return undefined;
  return {
    what: `${megabytes(requiredBytes)} of free disk in ${directory}`,
    why: `only ${megabytes(freeBytes)} are free`,
    mend: everywhere('free some space, or choose another disk: export LANGEVIN_CACHE=/path/with/space'),
  };
}
