import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { DataFolder, DirectoryStore, storeFacts, type StoreFacts } from '@langevin/registry';
import { loadTensorFlow, missingPrerequisites, runtimeDirectory, runtimeFacts } from '@langevin/tf-runtime';
import { type CommonOptions, withDataDir } from '../common-options.js';
import { enterNativeEnvironment } from '../native-environment.js';
import { createOutput } from '../output.js';
import { version } from '../version.js';

type DoctorOptions = CommonOptions & { dataDir: string };

/** `langevin doctor`: what this machine computes with, and what it lacks. */
export function registerDoctor(program: Command): void {
  withDataDir(program.command('doctor'))
    .description('say what this machine computes with, and what it lacks')
    .action(async (options: DoctorOptions) => {
      const exitCode = await enterNativeEnvironment();
      if (exitCode !== null) process.exitCode = exitCode;
      else await examine(options);
    });
}

/** What the native runtime needs on disk while it is built, about. */
const nativeRuntimeBytes = 1.4e9;

async function examine(options: DoctorOptions): Promise<void> {
  const runtime = await loadTensorFlow();
  const facts = runtimeFacts(runtime);
  const missing = runtime.fast ? [] : await missingPrerequisites({ directory: runtimeDirectory(), requiredBytes: nativeRuntimeBytes });
  const store = await findStore(options.dataDir);
  const report = { version, ...facts, device: 'cpu', cores: availableParallelism(), fast: runtime.fast, why: runtime.why ?? null, missing, store };
  const lines = [
    `langevin     ${version} on Node ${facts.node} (${facts.platform})`,
    `backend      ${facts.backend}${runtime.fast ? '' : ' (the slow fallback)'}`,
    `device       ${facts.cpuModel}, ${report.cores} cores, ${facts.threads ?? 'any number of'} threads here`,
    `isa          ${facts.isa.join(' ') || 'not listed by this system'}`,
    `store        ${store ? describeStore(store) : `none in ${options.dataDir} yet: \`langevin up\` makes one`}`,
    ...missing.flatMap(({ what, why, mend }) => [`missing      ${what}: ${why}`, `  Debian, Ubuntu  ${mend.debian}`, `  Fedora          ${mend.fedora}`, `  macOS           ${mend.macos}`]),
    ...(runtime.fast ? ['all is well'] : [`slow because ${runtime.why ?? 'the native runtime is not installed'}`]),
  ];
  createOutput(options.json ?? false).result(report, lines.join('\n'));
}

async function findStore(dataDir: string): Promise<StoreFacts | null> {
  if (!existsSync(dataDir)) return null;
  const folder = new DataFolder(dataDir);
  return existsSync(folder.store) ? storeFacts(await DirectoryStore.open(folder.store)) : null;
}

function describeStore(store: StoreFacts): string {
  const free = store.freeBytes === undefined ? '' : `, ${(store.freeBytes / 1e9).toFixed(1)} GB free`;
  return `${store.location}, ${store.writable ? `writable${free}` : `NOT usable: ${store.problems.join('; ')}`}`;
}
