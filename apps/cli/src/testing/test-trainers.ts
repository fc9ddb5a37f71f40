import { join } from 'node:path';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';
import { startProcess, type StartedProcess } from '@langevin/testing';
import { endOf, workspace } from './run-langevin.js';
import type { TestCluster } from './test-cluster.js';

/** What a spec may want of a trainer. */
export interface TestTrainerOptions {
  /** @default 1 */
  readonly threads?: number;
  /** The only way for gradients; without it the best is taken. */
  readonly transport?: 'shm' | 'tcp' | 'grpc';
  /** Folder of certificates. @default none: it speaks no TLS */
  readonly tls?: string;
}

const main = join(workspace, 'apps/trainer/dist/main.js');

/** Trainers of a cluster, each a process that nobody starts anew but the spec. Disposing it kills them. */
export class TestTrainers implements AsyncDisposable {
  readonly #cluster: TestCluster;
  readonly #living = new Map<string, StartedProcess>();

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
  }

  get names(): string[] {
    return [...this.#living.keys()].sort();
  }

  /** Starts one and waits until it is attached. */
  async start(name: string, { threads = 1, transport, tls }: TestTrainerOptions = {}): Promise<StartedProcess> {
    const { address, dataDir } = this.#cluster;
    const more = [...(transport ? ['--transport', transport] : []), ...(tls === undefined ? [] : ['--tls', tls])];
    const args = ['--coordinator', address, '--token-file', join(dataDir, 'token'), '--name', name, '--cache', join(dataDir, 'cache'), ...more];
    const trainer = await startProcess(process.execPath, [main, ...args], { env: runtimeEnvironment({ threads, device: null }) });
    this.#living.set(name, trainer);
    await trainer.waitForLine(/^attached to /, 60_000);
    return trainer;
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#living.get(name)?.signal(signal);
  }

  /** SIGKILL to one that lives; resolves when it is gone. */
  async kill(name: string): Promise<void> {
    const trainer = this.#living.get(name);
    this.#living.delete(name);
    await trainer?.[Symbol.asyncDispose]();
  }

  /** Ctrl-C to all; their exit codes. */
  async stop(): Promise<(number | null)[]> {
    const trainers = [...this.#living.values()];
    for (const trainer of trainers) trainer.signal('SIGINT');
    const ends = await Promise.all(trainers.map((trainer) => endOf(trainer)));
    this.#living.clear();
    return ends.map(({ code }) => code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#living.keys()].map((name) => this.kill(name)));
  }
}
