import { canonicalJson, LangevinError, parseDatasetManifest, parseJobSpec, type BlobRef, type JobSpec } from '@langevin/contracts';
import { pull, type ContentTable } from '@langevin/collectives';
import { ShardCache } from '@langevin/datasets';
import type { HeldOutImages } from '@langevin/diffusion-core';
import type { Content__Output, CoordinatorMessage__Output, RunStep__Output, RpcClient, StartJob__Output, TrainerMessage } from '@langevin/rpc';
import type { ComputeClient } from './compute/client.js';
import type { StateFiles } from './compute/protocol.js';
import { heldOutImages } from './held-out-images.js';
import { leafBatch } from './leaf-batches.js';
import type { StepStopwatch } from './step-stopwatch.js';

/** What a job borrows from its trainer. */
export interface JobResources {
  readonly compute: ComputeClient;
  readonly table: ContentTable;
  readonly transfer: RpcClient<'Transfer'>;
  readonly send: (message: TrainerMessage) => void;
  readonly cacheFolder: string;
  /** Told what each step's time is spent on. */
  readonly stopwatch: StepStopwatch;
  readonly log: (line: string) => void;
}

/** The reduced gradient of a step, held until its COMMIT. */
interface HeldResult {
  readonly step: number;
  readonly gradient: Uint8Array;
}

/**
 * One job on one trainer: prepares it, then computes, holds and applies one step after the other, in the order in
 * which the coordinator's messages came. Whatever fails is told to the coordinator by name.
 */
export class JobSession implements AsyncDisposable {
  readonly #job: string;
  readonly #resources: JobResources;
  readonly #stopped = new AbortController();
  #work: Promise<void>;
  #spec!: JobSpec;
  #shards!: ShardCache;
  /** What the model is measured on at each checkpoint; null for one that is not measured. */
  #heldOut: HeldOutImages | null = null;
  #learningRate = 0;
  #held: HeldResult | null = null;
  /** Digests of the partials of the running step. */
  #partials: string[] = [];
  /** Digests of the newest state files: the coordinator stores them while training goes on. */
  #stateFiles: string[] = [];

  constructor(start: StartJob__Output, resources: JobResources) {
    this.#job = start.job;
    this.#resources = resources;
    this.#work = this.#guard(() => this.#open(start));
  }

  /** Queues a message; messages of other jobs are ignored. */
  receive(message: CoordinatorMessage__Output): void {
    const body = message.body && message[message.body];
    if (!body || !('job' in body) || body.job !== this.#job) return;
    if (message.stopJob) {
      this.#resources.log(`job ${this.#job} stops: ${message.stopJob.reason}`);
      this.#stopped.abort();
    }
    this.#work = this.#work.then(() => this.#guard(() => this.#handle(message)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#work;
    this.#release([...this.#partials, ...this.#stateFiles]);
  }

  async #handle(message: CoordinatorMessage__Output): Promise<void> {
    if (message.runStep) return this.#runStep(message.runStep);
    if (message.resultReady) return this.#fetchResult(Number(message.resultReady.step), message.resultReady.content);
    if (message.commit) return this.#apply(Number(message.commit.step));
    if (message.takeState) return this.#publishState(Number(message.takeState.step));
  }

  async #open(start: StartJob__Output): Promise<void> {
    this.#spec = parseJobSpec(JSON.parse(start.specJson));
    const manifest = new TextDecoder().decode(await this.#pull(start.dataset));
    const data = {
      folder: this.#resources.cacheFolder,
      manifest: parseDatasetManifest(JSON.parse(manifest)),
      fetch: ({ digest, size }: BlobRef) => this.#pull({ digest, size: String(size) }),
    };
    this.#shards = await ShardCache.open({ ...data, split: this.#spec.dataset.split });
    this.#heldOut = await heldOutImages(this.#spec, data);
    const files = await this.#resumeFiles(start);
    const opened = await this.#resources.compute.ask({ kind: 'open', spec: this.#spec, step: Number(start.step), files });
    if (this.#stopped.signal.aborted) return;
    this.#resources.log(`job ${this.#job}: ${opened.parameters.toLocaleString('en-US')} parameters, from step ${start.step}`);
    this.#resources.send({ ready: { job: this.#job, numerics: opened.numerics } });
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

  async #runStep(request: RunStep__Output): Promise<void> {
    const step = Number(request.step);
    this.#learningRate = request.learningRate;
    for (const subtree of request.subtrees) {
      const leaves: Awaited<ReturnType<typeof leafBatch>>[] = [];
      for (let leaf = subtree.first; leaf < subtree.first + subtree.leaves; leaf++) {
        leaves.push(await leafBatch(this.#spec, this.#shards, step, leaf));
      }
      if (this.#stopped.signal.aborted) return;
      const sum = await this.#resources.stopwatch.measure('compute', () => this.#resources.compute.ask({ kind: 'gradient', step, leaves }));
      const content = this.#resources.table.put(sum.gradient);
      this.#partials.push(content.digest);
      this.#resources.send({
        partialReady: { job: this.#job, step, generation: request.generation, subtree, content, weightSum: sum.weightSum, lossSum: sum.lossSum },
      });
    }
  }

  async #fetchResult(step: number, content: Content__Output | null): Promise<void> {
    this.#held = { step, gradient: await this.#resources.stopwatch.measure('exchange', () => this.#pull(content)) };
    this.#resources.send({ prepared: { job: this.#job, step, resultDigest: content?.digest ?? '' } });
  }

  async #apply(step: number): Promise<void> {
    const held = this.#held;
    if (held?.step !== step) throw new LangevinError('internal', `COMMIT of step ${step}, but the result of step ${held?.step ?? 'none'} is held`);
    this.#held = null;
    this.#partials = this.#release(this.#partials);
    const { compute, stopwatch } = this.#resources;
    await stopwatch.measure('compute', () => compute.ask({ kind: 'apply', step, gradient: held.gradient, learningRate: this.#learningRate }));
    stopwatch.finish();
  }

  async #publishState(step: number): Promise<void> {
    const state = await this.#resources.compute.ask({ kind: 'files' });
    this.#stateFiles = this.#release(this.#stateFiles);
    const contents: [role: string, content: Uint8Array][] = [['weights', state.weights], ['ema', state.ema], ['optimizer', state.optimizer]];
    if (this.#heldOut) {
      const metrics = await this.#resources.compute.ask({ kind: 'measure', heldOut: this.#heldOut });
      contents.push(['metrics', new TextEncoder().encode(canonicalJson(metrics))]);
    }
    const files = contents.map(([role, content]) => ({ role, content: this.#resources.table.put(content) }));
    this.#stateFiles = files.map((file) => file.content.digest);
    this.#resources.send({ stateReady: { job: this.#job, step, files } });
  }

  #release(digests: readonly string[]): string[] {
    for (const digest of digests) this.#resources.table.release(digest);
    return [];
  }

  #pull(content: Content__Output | null): Promise<Uint8Array> {
    if (!content) throw new LangevinError('internal', 'the coordinator named no content');
    return pull(this.#resources.transfer, content.digest, { size: Number(content.size), signal: this.#stopped.signal });
  }

  /** Runs a task unless the job has stopped here; whatever fails is told to the coordinator, and stops it. */
  async #guard(task: () => Promise<void>): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    try {
      await task();
    } catch (thrown) {
      if (this.#stopped.signal.aborted) return;
      const error = LangevinError.from(thrown);
      this.#resources.log(`job ${this.#job} failed here: ${error.message}`);
      this.#resources.send({ failed: { job: this.#job, code: error.code, message: error.message } });
      this.#stopped.abort();
    }
  }
}
