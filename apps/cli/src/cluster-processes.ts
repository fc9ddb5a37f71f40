import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { startService, type RunningService } from '@langevin/processes';
import { DataFolder } from '@langevin/registry';
import { runtimeEnvironment } from '@langevin/tf-runtime';

const moduleOf = createRequire(import.meta.url).resolve;

/** What a trainer process needs to know. */
export interface TrainerProcessOptions {
  readonly coordinator: string;
  readonly tokenFile: string;
  readonly name: string;
  readonly cache: string;
  /** Threads of one gradient; part of the numerics class: other threads, other bits. */
  readonly threads: number;
  /** File for its output; `inherit` shows it here. */
  readonly output: string | 'inherit';
}

/** Starts a coordinator on a data folder; its `facts.address` says where. */
function startCoordinatorProcess(folder: DataFolder, port: number, output: string | 'inherit'): Promise<RunningService> {
  return startService({
    name: 'coordinator',
    module: moduleOf('@langevin/coordinator/main'),
    args: ['--data-dir', folder.path, '--port', String(port)],
    output,
  });
}

/** Starts a trainer, in the environment in which TensorFlow is fast. */
export function startTrainerProcess(options: TrainerProcessOptions): Promise<RunningService> {
  const { coordinator, tokenFile, name, cache, threads, output } = options;
  return startService({
    name: `trainer ${name}`,
    module: moduleOf('@langevin/trainer/main'),
    args: ['--coordinator', coordinator, '--token-file', tokenFile, '--name', name, '--cache', cache],
    env: runtimeEnvironment({ threads }),
    output,
  });
}

/** A coordinator and its trainers, as processes of this machine. */
export interface LocalCluster extends AsyncDisposable {
  readonly address: string;
  readonly folder: DataFolder;
  /** Rejects as soon as one of the processes ends without being asked to. */
  readonly failure: Promise<never>;
}

/**
 * Starts a coordinator and `trainers` trainers on a data folder. Disposing it stops them all, trainers first.
 * @throws LangevinError that one of them reported; those that had started are stopped
 */
export async function startLocalCluster(dataDir: string, port: number, trainers: number, threads: number): Promise<LocalCluster> {
  const folder = new DataFolder(dataDir);
  const logs = join(folder.path, 'logs');
  makeFolder(logs);
  const coordinator = await startCoordinatorProcess(folder, port, join(logs, 'coordinator.log'));
  const address = coordinator.facts.address ?? '';
  const names = Array.from({ length: trainers }, (_, index) => `trainer-${index + 1}`);
  const starts = await Promise.allSettled(
    names.map((name) =>
      startTrainerProcess({
        coordinator: address,
        tokenFile: join(folder.path, 'token'),
        name,
        cache: folder.cache,
        threads,
        output: join(logs, `${name}.log`),
      }),
    ),
  );
  const running = starts.filter((start) => start.status === 'fulfilled').map((start) => start.value);
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((trainer) => trainer.stop()));
    await coordinator.stop();
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { address, folder, failure: firstFailure([coordinator, ...running]), [Symbol.asyncDispose]: stop };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new LangevinError('storage_failed', `cannot make ${path} (${LangevinError.from(cause).message}): choose another folder with --data-dir`, { cause });
  }
}

function firstFailure(services: readonly RunningService[]): Promise<never> {
  const failure = Promise.race(services.map((service) => service.ended)).then((error) => {
    throw error ?? new LangevinError('cancelled', 'the cluster was stopped');
  });
  failure.catch(() => {
    // Whoever cares awaits it; a cluster that is stopped ends all its processes.
  });
  return failure;
}
