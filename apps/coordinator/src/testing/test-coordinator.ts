import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectTransfer } from '@langevin/collectives';
import { canonicalJson } from '@langevin/contracts';
import { importSource, type StoredDataset } from '@langevin/datasets';
import { DirectoryStore, type ObjectStore } from '@langevin/registry';
import { connect, receive } from '@langevin/rpc';
import type { Job__Output, RpcClient } from '@langevin/rpc';
import { startCoordinator, type CoordinatorOptions } from '../coordinator.js';
import { ScriptedTrainer, type ScriptedHello } from './scripted-trainer.js';

/** Every call of a test brings it. */
export const testToken = 'a-token';
/** Langevin's version, as far as the test's coordinator and trainers know. */
const testVersion = '1.2.3';

/** A real coordinator on a free port, with a store in a temporary folder that holds the dataset `dots`. */
export interface TestCoordinator extends AsyncDisposable {
  readonly address: string;
  /** Where its HTTP API is, if it has one. */
  readonly url: string;
  readonly store: DirectoryStore;
  readonly dataset: StoredDataset;
  /** What it logged. */
  readonly log: string[];
  readonly jobs: RpcClient<'Jobs'>;
  readonly transfer: RpcClient<'Transfer'>;
  /** Attaches a trainer; `hello` replaces parts of what it says first. */
  trainer(name: string, hello?: Partial<ScriptedHello>): Promise<ScriptedTrainer>;
  submit(spec: object): Promise<Job__Output>;
  /** Watches a job to its end. */
  ended(id: string): Promise<Job__Output>;
  /** Watches a job until it is as wanted. */
  until(id: string, wanted: (job: Job__Output) => boolean): Promise<Job__Output>;
  /** Disposes something together with the coordinator, before it. */
  use<T extends AsyncDisposable>(thing: T): T;
  /** Stops the coordinator alone. */
  stop(): Promise<void>;
  /** What its folder would hold if it were killed now: another coordinator may start on the copy. */
  killedNow(copy: string): Promise<void>;
}

/** What a spec may want different. */
export interface TestCoordinatorOptions extends Partial<Pick<CoordinatorOptions, 'clock' | 'now' | 'newId' | 'http'>> {
  /** Holds store, spool and journal, and stays: another coordinator may follow on it. @default a temporary one */
  readonly folder?: string;
  /** What the coordinator gets in the place of the store. @default the store itself */
  readonly wrap?: (store: DirectoryStore) => ObjectStore;
}

/** Starts it. Its clock stands still unless one is given, so that silence loses no trainer. */
export async function startTestCoordinator(options: TestCoordinatorOptions = {}): Promise<TestCoordinator> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'langevin-coordinator-')));
  const store = await DirectoryStore.open(join(folder, 'store'));
  const dataset = await importSource(store, dots);
  const log: string[] = [];
  const coordinator = await startCoordinator(optionsOf(options, folder, options.wrap?.(store) ?? store, log));
  const { address } = coordinator;
  const jobs = connect(address, testToken, 'Jobs');
  const transfer = connectTransfer(address, testToken, { peers: 1 });
  const things: AsyncDisposable[] = [];
  const use = <T extends AsyncDisposable>(thing: T): T => {
    things.push(thing);
    return thing;
  };
  return {
    address,
    url: coordinator.url ?? '',
    store,
    dataset,
    log,
    jobs,
    transfer,
    trainer: async (name, hello = {}) => use(await ScriptedTrainer.attach(address, testToken, { name, version: testVersion, numerics: { cpu: 'scripted' }, ...hello })),
    submit: (spec) => jobs.submit({ specJson: JSON.stringify(spec) }),
    ended: async (id) => {
      const seen: Job__Output[] = [];
      for await (const job of receive(jobs.watch({ id }), jobs.peer)) seen.push(job);
      return seen.at(-1)!;
    },
    until: async (id, wanted) => {
      let last: Job__Output | undefined;
      for await (const job of receive(jobs.watch({ id }), jobs.peer)) if (wanted((last = job))) return job;
      throw new Error(`job "${id}" ended otherwise: ${last?.phase} ${last?.reason}`);
    },
    use,
    stop: async () => coordinator[Symbol.asyncDispose](),
    killedNow: async (copy) => {
      await cp(folder, copy, { recursive: true });
      await endHolder(join(copy, 'store'));
    },
    [Symbol.asyncDispose]: async () => {
      for (const thing of things) await thing[Symbol.asyncDispose]();
      jobs.close();
      transfer.close();
      await coordinator[Symbol.asyncDispose]();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function optionsOf({ clock = () => 0, now = () => new Date(0), newId = () => 'a-cluster', http }: TestCoordinatorOptions, folder: string, store: ObjectStore, log: string[]): CoordinatorOptions {
  return {
    store,
    spool: join(folder, 'spool'),
    journal: join(folder, 'journal'),
    folderId: 'the folder of a spec',
    token: testToken,
    port: 0,
    version: testVersion,
    ...{ clock, now, newId },
    ...(http && { http }),
    log: (line) => void log.push(line),
  };
}

/** The lease of a copied store is that of a process that has ended: it was taken by one of this number that had started at another time. */
async function endHolder(folder: string): Promise<void> {
  const blob = (digest: string): string => join(folder, 'v1/blobs/sha256', digest.slice(0, 2), digest);
  for (const name of (await readdir(join(folder, 'v1/coordinator/lease'))).filter((entry) => entry.endsWith('.json'))) {
    const file = join(folder, 'v1/coordinator/lease', name);
    const { digest } = JSON.parse(await readFile(file, 'utf8')) as { digest: string }; // A document of the store.
    const content = Buffer.from((await readFile(blob(digest), 'utf8')).replace(/("process":"[^"]* )\d+"/, '$17"'));
    const ended = createHash('sha256').update(content).digest('hex');
    await mkdir(dirname(blob(ended)), { recursive: true });
    await writeFile(blob(ended), content);
    await writeFile(file, canonicalJson({ digest: ended, size: content.byteLength }));
  }
}

/** Six training images of two classes: with four samples a step, every second step is padded. */
const dots = {
  name: 'dots',
  imageShape: [4, 4, 1],
  classes: 2,
  source: 'made up',
  license: 'CC0-1.0',
  load: () => Promise.resolve({ train: images(6), test: images(2) }),
} as const;

function images(count: number): { images: Uint8Array; labels: Uint8Array } {
  return { images: Uint8Array.from({ length: count * 16 }, (_, i) => (i * 37) % 256), labels: Uint8Array.from({ length: count }, (_, i) => i % 2) };
}

/** A job on `dots` that one step of one trainer finishes; parts of it are replaced by name. */
export function dotsJob(name: string, change: { training?: object; checkpoints?: object; trainers?: object; model?: object; seed?: number; exchange?: string } = {}): object {
  return {
    name,
    seed: change.seed ?? 7,
    dataset: { name: 'dots' },
    model: {
      sample_size: 4,
      block_out_channels: [2],
      down_block_types: ['DownBlock2D'],
      up_block_types: ['UpBlock2D'],
      attention_head_dim: 2,
      norm_num_groups: 1,
      ...change.model,
    },
    training: { steps: 1, virtualWorkers: 4, microBatch: 1, ...change.training },
    checkpoints: { everySteps: 1, ...change.checkpoints },
    trainers: { min: 1, ...change.trainers },
    ...(change.exchange !== undefined && { exchange: change.exchange }),
  };
}
