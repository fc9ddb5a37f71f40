import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson, LangevinError, parseDatasetManifest, parseJobSpec, type BlobRef, type JobSpec } from '@langevin/contracts';
import type { Subtree } from '@langevin/cluster-core';
import { pull, VectorArena, type ContentTable, type ExchangeHost, type ExchangeMember } from '@langevin/collectives';
import { ShardCache } from '@langevin/datasets';
import { modelLayout, type HeldOutImages } from '@langevin/diffusion-core';
import type { Ledger } from '@langevin/processes';
import type { Commit__Output, Content__Output, CoordinatorMessage__Output, HeldState, Prepared, RunStep__Output, RpcClient, StartJob__Output, TrainerMessage } from '@langevin/rpc';
import type { ComputeClient } from '../compute/client.js';
import type { StateFiles } from '../compute/protocol.js';
import { CatchUp } from './catch-up.js';
import { heldOutImages } from './held-out-images.js';
import { leafBatch } from './leaf-batches.js';
import { stateName } from './state-sharing.js';
import { planOf, subtreesOf } from './step-plan.js';
import { StepRunner } from './step-runner.js';
import type { StepStopwatch } from './step-stopwatch.js';

/** These say that the coordinator cannot be reached now; a connection that is closed early looks like a certificate that is refused. */
const passing = ['unavailable', 'unauthenticated', 'cancelled'];
const pullAgainMs = 250;

/** What a job borrows from its trainer. */
export interface JobResources {
  readonly compute: ComputeClient;
  readonly exchange: ExchangeHost;
  readonly table: ContentTable;
  /** To the coordinator of now: it may be another one after it was away. */
  readonly transfer: () => RpcClient<'Transfer'>;
  readonly send: (message: TrainerMessage) => void;
  /** The id that the coordinator has given this trainer. */
  readonly trainerId: () => string;
  /** Who takes part in the exchange. */
  readonly members: () => readonly ExchangeMember[];
  readonly cacheFolder: string;
  /** Told what each step's time is spent on. */
  readonly stopwatch: StepStopwatch;
  readonly ledger: Ledger;
  readonly log: (line: string) => void;
}

/** What a job needs once it is open. */
interface OpenJob {
  readonly spec: JobSpec;
  readonly runner: StepRunner;
  readonly catchUp: CatchUp;
  /** What the model is measured on at each checkpoint; null for one that is not measured. */
  readonly heldOut: HeldOutImages | null;
}

/**
 * One job on one trainer: prepares it, then takes part in its steps. It outlives the connection to the coordinator. What
 * fails is told to the coordinator by name.
 */
export class JobSession implements AsyncDisposable {
  readonly job: string;
  readonly #resources: JobResources;
  readonly #stopped = new AbortController();
  /** Messages are heard in the order in which they came, and only when the job is open. */
  #work: Promise<void>;
  #open: OpenJob | null = null;
  /** The plan that the coordinator has sent last. */
  #plan: ReturnType<typeof planOf>;
  /** Digests of the newest state files: the coordinator stores them while training goes on. */
  #stateFiles: string[] = [];
  /** Steps after which a copy of the state is kept for those who join. */
  readonly #shared = new Set<number>();

  constructor(start: StartJob__Output, resources: JobResources) {
    this.job = start.job;
    this.#resources = resources;
    this.#work = this.#guard(() => this.#prepare(start));
  }

  /** Queues a message; messages of other jobs are ignored. */
  receive(message: CoordinatorMessage__Output): void {
    const body = message.body && message[message.body];
    if (!body || !('job' in body) || body.job !== this.job) return;
    if (message.stopJob) {
      this.#resources.log(`job ${this.job} stops: ${message.stopJob.reason}`);
      this.#stopped.abort();
    }
    this.#work = this.#work.then(() => this.#guard(() => this.#handle(message)));
  }

  /** As `holds`, for a coordinator: it stays so until that one says how to go on. */
  report(): HeldState | null {
    this.#open?.runner.awaitOrder();
    return this.holds();
  }

  /** What this trainer holds of the job; null while it holds nothing that the job could go on from. */
  holds(): HeldState | null {
    if (this.#stopped.signal.aborted || !this.#open?.catchUp.isLive) return null;
    const { applied, chain, loss, prepared } = this.#open.runner;
    return { job: this.job, step: applied, chain, loss, ...(prepared && { prepared }) };
  }

  /** Leaves of the running step that are still to be computed here. */
  get leavesLeft(): number {
    return this.#open?.runner.leavesLeft ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#work;
    // What is being applied lies in the memory that goes with the job.
    await this.#open?.runner.settled();
    this.#resources.exchange.closeJob();
    this.#release(this.#stateFiles);
  }

  async #handle(message: CoordinatorMessage__Output): Promise<void> {
    const open = this.#open;
    if (!open) return;
    // Each of these comes after the list of those whom it is about; while a job stands still, no step does.
    if (message.runStep || message.fetchState || message.shareState) this.#resources.exchange.setMembers(this.#resources.members());
    if (message.runStep) return this.#runStep(open, message.runStep);
    if (message.commit) return this.#commit(open, message.commit);
    if (message.fetchState) return open.catchUp.begin(message.fetchState);
    if (message.shareState) return this.#shareState(Number(message.shareState.step));
    if (message.dropState) return this.#dropState(Number(message.dropState.step));
    if (message.takeState) return this.#publishState(open, Number(message.takeState.step));
  }

  async #prepare(start: StartJob__Output): Promise<void> {
    const { compute, exchange, cacheFolder, log, send } = this.#resources;
    const spec = parseJobSpec(JSON.parse(start.specJson));
    const manifest = new TextDecoder().decode(await this.#pull(start.dataset));
    const data = {
      folder: cacheFolder,
      manifest: parseDatasetManifest(JSON.parse(manifest)),
      fetch: ({ digest, size }: BlobRef) => this.#pull({ digest, size: String(size) }),
    };
    const shards = await ShardCache.open({ ...data, split: spec.dataset.split });
    const heldOut = await heldOutImages(spec, data);
    const files = start.joins ? null : await this.#resumeFiles(start);
    if (this.#stopped.signal.aborted) return;
    const { virtualWorkers, clipNorm } = spec.training;
    const arena = exchange.openJob({ job: this.job, elements: modelLayout(spec.model).total, virtualWorkers, clipNorm });
    const opened = await compute.ask({ kind: 'open', spec, step: Number(start.step), files, arena });
    if (this.#stopped.signal.aborted) return;
    const runner = this.#runner(start, VectorArena.attach(arena), (step, leaf) => leafBatch(spec, shards, step, leaf));
    this.#open = { spec, runner, catchUp: this.#catchUp(start, runner, opened.parameters), heldOut };
    log(`job ${this.job}: ${opened.parameters.toLocaleString('en-US')} parameters, ${start.joins ? 'joins while it runs' : `from step ${start.step}`}`);
    send({ ready: { job: this.job, numerics: opened.numerics } });
  }

  #runner(start: StartJob__Output, arena: VectorArena, batch: ConstructorParameters<typeof StepRunner>[0]['batch']): StepRunner {
    const { compute, exchange, stopwatch, ledger, send } = this.#resources;
    const { job } = this;
    const tools = {
      ...{ job, compute, exchange, arena, stopwatch, ledger, batch },
      sendPrepared: (prepared: Prepared) => send({ prepared }),
      sendChecked: (step: number, subtree: Subtree, digest: string) => send({ checked: { job, step, subtree, digest } }),
      fail: (error: unknown) => this.#fail(error),
    };
    return new StepRunner(tools, Number(start.step), '');
  }

  #catchUp(start: StartJob__Output, runner: StepRunner, parameters: number): CatchUp {
    const { compute, exchange, members, send, trainerId, log } = this.#resources;
    const { job } = this;
    const tools = {
      ...{ job, parameters, compute, exchange, runner },
      holders: () => members().map(({ id }) => id).filter((id) => id !== trainerId()),
      onState: (step: number) => send({ stateFetched: { job, step } }),
      onReplayed: (step: number, digest: string) => send({ prepared: { job, step, digest, finite: true } }),
      onBehind: (step: number, why: string) => {
        log(`job ${job} fell behind at step ${step}: ${why}`);
        send({ fellBehind: { job, step } });
      },
      fail: (error: unknown) => this.#fail(error),
    };
    return new CatchUp(tools, !start.joins);
  }

  async #resumeFiles(start: StartJob__Output): Promise<StateFiles | null> {
    if (start.resumeFrom.length === 0) return null;
    const fetched = new Map<string, Uint8Array>();
    for (const file of start.resumeFrom) fetched.set(file.role, await this.#pull(file.content));
    const part = (role: keyof StateFiles): Uint8Array => {
      const bytes = fetched.get(role);
      if (!bytes) throw new LangevinError('checkpoint_corrupt', `the checkpoint of step ${start.step} has no ${role} file`);
      return bytes;
    };
    return { weights: part('weights'), ema: part('ema'), optimizer: part('optimizer') };
  }

  #runStep({ runner, catchUp }: OpenJob, message: RunStep__Output): void {
    const plan = planOf(message) ?? this.#plan;
    if (plan?.generation !== Number(message.generation)) throw new LangevinError('internal', `the plan of generation ${message.generation} has not come`);
    this.#plan = plan;
    const { trainerId } = this.#resources;
    const order = { step: Number(message.step), learningRate: message.learningRate, chain: message.chain, plan, subtrees: subtreesOf(plan, trainerId()), withState: message.withState, check: message.check };
    if (catchUp.ordered(order)) runner.run(order);
  }

  #commit({ runner, catchUp }: OpenJob, commit: Commit__Output): void {
    if (catchUp.committed(Number(commit.step), commit.digest)) runner.commit(commit);
  }

  async #shareState(step: number): Promise<void> {
    const { compute, exchange } = this.#resources;
    exchange.put(stateName(this.job, step), [await compute.ask({ kind: 'copyState' })]);
    this.#shared.add(step);
  }

  #dropState(step: number): void {
    if (this.#shared.delete(step)) this.#resources.exchange.drop(stateName(this.job, step));
  }

  /** The connection to the coordinator is another one: who was to join over the last one is told anew. */
  reattached(): void {
    for (const step of this.#shared) this.#dropState(step);
  }

  async #publishState({ heldOut }: OpenJob, step: number): Promise<void> {
    const { compute, table, send } = this.#resources;
    const state = await compute.ask({ kind: 'files' });
    this.#stateFiles = this.#release(this.#stateFiles);
    const contents: [role: string, content: Uint8Array][] = [['weights', state.weights], ['ema', state.ema], ['optimizer', state.optimizer]];
    if (heldOut) {
      const metrics = await compute.ask({ kind: 'measure', heldOut });
      contents.push(['metrics', new TextEncoder().encode(canonicalJson(metrics))]);
    }
    const files = contents.map(([role, content]) => ({ role, content: table.put(content) }));
    this.#stateFiles = files.map((file) => file.content.digest);
    send({ stateReady: { job: this.job, step, files } });
  }

  #release(digests: readonly string[]): string[] {
    for (const digest of digests) this.#resources.table.release(digest);
    return [];
  }

  /** From the coordinator; while that is away, until it is back or the job stops here. */
  async #pull(content: Content__Output | null): Promise<Uint8Array> {
    if (!content) throw new LangevinError('internal', 'the coordinator named no content');
    const { signal } = this.#stopped;
    for (;;) {
      try {
        return await pull(this.#resources.transfer(), content.digest, { size: Number(content.size), signal });
      } catch (thrown) {
        if (signal.aborted || !passing.includes(LangevinError.from(thrown).code)) throw thrown;
        await sleep(pullAgainMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Runs a task unless the job has stopped here. */
  async #guard(task: () => Promise<void> | void): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    try {
      await task();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** What fails is told to the coordinator, and stops the job here. */
  #fail(thrown: unknown): void {
    if (this.#stopped.signal.aborted) return;
    const error = LangevinError.from(thrown);
    this.#resources.log(`job ${this.job} failed here: ${error.message}`);
    this.#resources.send({ failed: { job: this.job, code: error.code, message: error.message } });
    this.#stopped.abort();
  }
}
