import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { openStore, parseStoreLocation, storeFacts, type StoreFacts } from '@langevin/registry';
import { gpuSetupCommand, isRuntimeComplete, loadTensorFlow, missingPrerequisites, runtimeDirectory, runtimeFacts, surveyGpus } from '@langevin/tf-runtime';
import { computeThreads } from '@langevin/tf-runtime/process';
import type { CommonOptions } from '../common-options.js';
import { gpuLines } from '../gpu-text.js';
import { storeLocation, withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';
import { version } from '../version.js';

type DoctorOptions = CommonOptions & StoreOptions;

/** `langevin doctor`: what this machine computes with, and what it lacks. */
export function registerDoctor(program: Command): void {
  withStore(program.command('doctor'))
    .description('say what this machine computes with, and what it lacks')
    .addHelpText('after', '\nExample:\n  $ langevin doctor')
    .action((options: DoctorOptions) => examine(options));
}

/** What the native runtime needs on disk while it is built, about. */
const nativeRuntimeBytes = 1.4e9;

async function examine(options: DoctorOptions): Promise<void> {
  const runtime = await loadTensorFlow();
  const facts = runtimeFacts(runtime);
  const missing = runtime.fast ? [] : await missingPrerequisites({ directory: runtimeDirectory(), requiredBytes: nativeRuntimeBytes });
  const store = await findStore(options);
  const survey = await surveyGpus();
  const why = runtime.why ?? null;
  const gpus = gpuLines({ facts: facts.gpu, survey, installed: isRuntimeComplete(runtimeDirectory(process.env, 'gpu')), setupCommand: gpuSetupCommand, why });
  const threads = runtime.fast ? computeThreads() : 1;
  const report = { version, ...facts, threads, device: facts.gpu ? 'gpu' : 'cpu', cores: availableParallelism(), fast: runtime.fast, why, gpus: survey, missing, store };
  const lines = [
    `langevin     ${version} on Node ${facts.node} (${facts.platform})`,
    `backend      ${facts.backend}${runtime.fast ? '' : ' (the slow fallback)'}`,
    `processor    ${facts.cpuModel}, ${report.cores} cores, ${threads} threads here`,
    `isa          ${facts.isa.join(' ') || 'not listed by this system'}`,
    ...gpus,
    `store        ${store ? describeStore(store) : `none in ${options.dataDir} yet: \`langevin up\` makes one`}`,
    ...missing.flatMap(({ what, why, mend }) => [`missing      ${what}: ${why}`, `  Debian, Ubuntu  ${mend.debian}`, `  Fedora          ${mend.fedora}`, `  macOS           ${mend.macos}`]),
    ...(runtime.fast ? ['all is well'] : [`slow because ${runtime.why ?? 'the native runtime is not installed'}`]),
  ];
  createOutput(options.json ?? false).result(report, lines.join('\n'));
}

/** The store as it is; `null` for a directory that nobody has made yet. Whatever else is in the way is a problem of the store. */
async function findStore(options: StoreOptions): Promise<StoreFacts | null> {
  const location = storeLocation(options);
  const parsed = parseStoreLocation(location);
  if (parsed.kind === 'directory' && !existsSync(parsed.path)) return null;
  try {
    return await storeFacts(await openStore(location));
  } catch (thrown) {
    return { location, writable: false, problems: [LangevinError.from(thrown).message] };
  }
}

function describeStore(store: StoreFacts): string {
  const free = store.freeBytes === undefined ? '' : `, ${(store.freeBytes / 1e9).toFixed(1)} GB free`;
  return `${store.location}, ${store.writable ? `writable${free}` : `NOT usable: ${store.problems.join('; ')}`}`;
}
