import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, DirectoryStore, readCheckpoint } from '@langevin/registry';
import { connect, receive } from '@langevin/rpc';
import type { StartedProcess } from '@langevin/testing';
import { endOf, langevin, startLangevin, type CommandEnd } from './run-langevin.js';

/** A cluster that `langevin up` started. Disposing it kills whatever is left of it. */
export interface TestCluster extends AsyncDisposable {
  readonly process: StartedProcess;
  readonly address: string;
  readonly dataDir: string;
  /** Ctrl-C; resolves when everything has ended, and rejects when something stays. */
  stop(): Promise<CommandEnd>;
}

/** The part of a job that specs look at, as `--json` prints it. */
export interface JobReport {
  readonly phase: string;
  readonly reason: string;
  readonly step: string;
  readonly loss: number;
  readonly checkpoints: string;
  readonly trainers: readonly string[];
  readonly startedAtStep: string;
  readonly lastCheckpoint: string;
  readonly weightsSha256: string;
}

/** `langevin up` on a free port, waited for until every trainer is attached. */
export async function startCluster(dataDir: string, trainers: number, options: readonly string[] = []): Promise<TestCluster> {
  const child = await startLangevin(['up', '--data-dir', dataDir, '--port', '0', '--samples', 'off', '--trainers', String(trainers), ...options, '--json']);
  try {
    const [line] = await child.waitForLine(/^\{"address".*\}$/, 120_000);
    const { address } = JSON.parse(line) as { address: string };
    return {
      process: child,
      address,
      dataDir,
      stop: () => {
        child.signal('SIGINT');
        return endOf(child);
      },
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** `startCluster` on a folder that gets the digits meanwhile. */
export async function startClusterWithDigits(dataDir: string, trainers: number, options: readonly string[] = []): Promise<TestCluster> {
  const [cluster, digits] = await Promise.allSettled([startCluster(dataDir, trainers, options), importDigits(dataDir)]);
  if (cluster.status === 'rejected') throw cluster.reason;
  if (digits.status === 'fulfilled') return cluster.value;
  await cluster.value[Symbol.asyncDispose]();
  throw digits.reason;
}

/** Imports the digits into the store of a data folder. */
export async function importDigits(dataDir: string): Promise<void> {
  const { code, stderr } = await langevin(['dataset', 'import', 'mnist-digits', '--data-dir', dataDir]);
  if (code !== 0) throw new Error(`the import ended with code ${code}: ${stderr}`);
}

/** The file that a checkpoint of a run becomes real with. */
function checkpointFile(dataDir: string, run: string, step: number): string {
  return join(dataDir, 'store/v1/runs', run, 'ckpt', `${String(step).padStart(12, '0')}.json`);
}

/** Waits until the checkpoint of a step is stored. */
export async function checkpointStored(dataDir: string, run: string, step: number): Promise<void> {
  await until(() => existsSync(checkpointFile(dataDir, run, step)), `a checkpoint of ${run} at step ${step}`);
}

/** Waits until a job, which is submitted already or about to be, has committed a step, on a stream of its changes. */
export async function reachesStep({ address, dataDir }: Pick<TestCluster, 'address' | 'dataDir'>, job: string, step: number): Promise<void> {
  using jobs = connect(address, new DataFolder(dataDir).token(), 'Jobs');
  await until(async () => (await jobs.list({})).jobs.some(({ id }) => id === job), `the submission of job ${job}`);
  for await (const { step: at, phase, reason } of receive(jobs.watch({ id: job }, { signal: AbortSignal.timeout(60_000) }), jobs.peer)) {
    if (Number(at) >= step) return;
    if (phase === 'JOB_PHASE_FAILED') throw new Error(`job ${job} failed at step ${at}: ${reason}`);
  }
  throw new Error(`job ${job} ended before step ${step}`);
}

/** Digest of each file of a checkpoint, by path. */
export async function fileDigests(dataDir: string, run: string, step: number): Promise<Record<string, string>> {
  const { manifest } = await readCheckpoint(await DirectoryStore.open(join(dataDir, 'store')), run, step);
  return Object.fromEntries(manifest.files.map((file) => [file.path, file.digest]));
}

/** Waits until the condition holds: for what a process does to the file system or to the process table, which tells nobody. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, limitMs = 60_000): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
