import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosCluster } from './cluster.mjs';
import { microBatch, trainSamples, virtualWorkers } from './job.mjs';
import { Jobs } from './jobs.mjs';
import { LedgerTail } from './ledger-tail.mjs';
import { PhaseWatcher } from './phases.mjs';
import { schedule } from './schedule.mjs';
import { strike } from './strike.mjs';

const seedOfJob = 3;
/** The phase that was aimed at comes within this long, or the fault strikes without it. */
const aimLimitMs = 15_000;
/** So often it is aimed anew when the phase, or the job, was over before the strike. */
const aimAttempts = 3;
/** The second fault of a step waits no longer for its own phase: the step may be stuck because of the first. */
const secondLimitMs = 400;
/** Longer than any deadline of the product, a restart and a join together. */
const recoveryLimitMs = 60_000;
const jobLimitMs = (steps) => Math.max(120_000, 1000 * steps);
/** A job with fewer steps left is let go on to its end: a strike would fall behind it. */
const lastSteps = 12;

/**
 * Runs a job that nobody disturbs, on one trainer, then jobs on a cluster that is struck again and again, and leaves in `folder` what
 * verify-folder.mjs judges.
 * @param options - `product`, `folder`, `seed`, `faults`, `kinds` of them, or `strikes` themselves, `trainers` (how many), `model`, `steps` a job, `everySteps`, `isTls`, `transport`, `latencyMs`,
 *   `exchange`, `say(line)`, `signal` that ends it early
 * @returns {Promise<string[]>} what went wrong while it ran, in words
 */
export async function campaign(options) {
  mkdirSync(options.folder, { recursive: true });
  const undisturbedJob = 'undisturbed';
  const weights = await undisturbed(options, undisturbedJob);
  const run = new Run(options, weights);
  try {
    await run.begin();
    await run.strikeAll();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    run.complain(error.message);
  } finally {
    await run.end();
    const settings = { seed: seedOfJob, samples: trainSamples, virtualWorkers, microBatch, steps: options.steps };
    writeFileSync(join(options.folder, 'run.json'), JSON.stringify({ ...settings, jobs: run.jobIds, undisturbedJob, chaosSeed: options.seed }));
  }
  return run.complaints;
}

/** Trains once without faults; gives the digest of the weights. */
async function undisturbed({ product, folder, model, steps, everySteps, exchange, say, seed, signal }, name) {
  const dataDir = join(folder, 'undisturbed-data');
  await product.prepare(dataDir, model);
  say(`undisturbed: ${steps} steps on one trainer`);
  const cluster = await ChaosCluster.start({ product, folder: join(folder, 'undisturbed-run'), dataDir, ledger: join(folder, 'undisturbed'), trainers: ['alone'], isTls: false, seed });
  try {
    const client = await product.client({ address: cluster.address, dataDir, tls: undefined });
    const jobs = new Jobs({ client, model, steps, everySteps, exchange, signal });
    await jobs.submit(name);
    const { phase, reason, weights } = await jobs.end(jobLimitMs(steps));
    client.close();
    if (phase !== 'succeeded') throw new Error(`the undisturbed run ended as ${phase}: ${reason}`);
    await cluster.stop();
    return weights;
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

/** One disturbed cluster. */
class Run {
  complaints = [];
  #options;
  #weights;
  #dataDir;
  #cluster;
  #client;
  #jobs;
  #watcher;
  #tail;
  #names;
  #strikes = 0;
  #coordinatorStruckMs = null;

  constructor(options, weights) {
    this.#options = options;
    this.#weights = weights;
    this.#dataDir = join(options.folder, 'data');
    this.#names = Array.from({ length: options.trainers }, (_, i) => `trainer-${i + 1}`);
  }

  get jobIds() {
    return this.#jobs?.ids ?? [];
  }

  complain(text) {
    this.complaints.push(text);
    this.#options.say(`✗ ${text}`);
  }

  async begin() {
    const { product, folder, model, steps, everySteps, exchange, seed, isTls, transport, latencyMs, signal } = this.#options;
    const ledger = join(folder, 'ledger');
    await product.prepare(this.#dataDir, model);
    const isCheckpointStored = (job, step) => product.isCheckpointStored(this.#dataDir, job, step);
    this.#watcher = new PhaseWatcher({ virtualWorkers, everySteps, isCheckpointStored });
    this.#tail = new LedgerTail(ledger, (name, fact) => this.#watcher.fact(name, fact));
    this.#cluster = await ChaosCluster.start({ product, folder, dataDir: this.#dataDir, ledger, trainers: this.#names, isTls, seed, transport, latencyMs, onEvent: (event) => this.#happened(event) });
    this.#client = await product.client({ address: this.#cluster.address, dataDir: this.#dataDir, tls: this.#cluster.tls });
    this.#jobs = new Jobs({ client: this.#client, model, steps, everySteps, exchange, signal });
    await this.#nextJob();
  }

  async strikeAll() {
    const { seed, faults, kinds, isTls, say, signal } = this.#options;
    for (const { faults: group, gapSteps } of this.#options.strikes ?? schedule({ seed, faults, kinds, trainers: this.#names, isTls })) {
      signal?.throwIfAborted();
      await this.#settled();
      if (this.#options.steps - this.#watcher.committed < gapSteps + lastSteps) {
        await this.#jobEnds();
        await this.#nextJob();
      }
      const over = [];
      for (const [index, fault] of group.entries()) {
        const begun = await this.#aim(fault, index === 0 ? gapSteps : 0, index === 0 ? aimLimitMs : secondLimitMs);
        over.push(begun);
      }
      const at = this.#watcher.committed;
      const results = await Promise.all(over.map((begun) => begun.over));
      results.forEach(({ effects }, i) => {
        if (effects > 0) return;
        this.#note({ type: 'no-effect', n: over[i].n });
        say(`   ${describe(group[i])} had no effect: nothing came by`);
      });
      const startMs = performance.now();
      if (!(await this.#watcher.until(null, null, Math.min(at + 2, this.#options.steps), recoveryLimitMs, signal))) {
        const state = await this.#jobs.state();
        throw new Error(`the job stands still at step ${this.#watcher.committed} since ${group.map(describe).join(' and ')}: ${JSON.stringify(state)}`);
      }
      this.#note({ type: 'went-on', afterMs: Math.round(performance.now() - startMs) });
    }
    await this.#settled();
    await this.#jobEnds();
  }

  async end() {
    const stubborn = (await this.#cluster?.stop()) ?? [];
    if (stubborn.length > 0 && !this.#options.signal?.aborted) this.complain(`did not stop when asked to: ${stubborn.join(', ')}`);
    this.#client?.close();
    await this.#cluster?.[Symbol.asyncDispose]();
    this.#tail?.close();
  }

  async #nextJob() {
    const name = `chaos-${this.jobIds.length + 1}`;
    this.#watcher.follow(name);
    await this.#jobs.submit(name);
    this.#options.say(`job ${name}`);
  }

  async #jobEnds() {
    const { phase, reason, weights } = await this.#jobs.end(jobLimitMs(this.#options.steps));
    const name = this.#jobs.current;
    if (phase !== 'succeeded') this.complain(`job ${name} ended as ${phase}: ${reason}`);
    else if (weights !== this.#weights) this.complain(`job ${name} ended with the weights ${weights}, undisturbed they are ${this.#weights}`);
  }

  /** All processes are there, and all have joined. */
  async #settled() {
    const giveUpAt = performance.now() + recoveryLimitMs;
    const isSettled = () => this.#cluster.isWhole && (this.#isOver() || this.#names.every((name) => this.#watcher.phaseOf(name) !== 'joining'));
    while (!isSettled()) {
      this.#options.signal?.throwIfAborted();
      if (performance.now() > giveUpAt) throw new Error(`waited ${recoveryLimitMs} ms for all to be back: ${this.#names.map((name) => `${name} is ${this.#cluster.isReady(name) ? this.#watcher.phaseOf(name) : 'not there'}`).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #isOver() {
    return this.#watcher.committed >= this.#options.steps;
  }

  /** Waits for the phase and strikes; `over` resolves when the fault is over. */
  async #aim(fault, gapSteps, limitMs) {
    const { kind, victim, phase, plane } = fault;
    for (let attempt = 0; attempt < aimAttempts; attempt++) {
      if (phase === 'joining') await this.#makeJoin(victim === 'coordinator' ? this.#names[0] : victim);
      const isThere = await this.#watcher.until(victim, phase, this.#watcher.committed + (phase === 'joining' ? 0 : gapSteps), limitMs, this.#options.signal);
      this.#tail.poll();
      // The step may be stuck because of the first.
      if (limitMs < aimLimitMs) break;
      if (this.#isOver()) {
        // A strike after the end of the job would be none.
        await this.#jobEnds();
        await this.#nextJob();
        await this.#settled();
      } else if (!isThere || this.#watcher.phaseOf(victim) === phase) break;
    }
    const landed = this.#watcher.phaseOf(victim);
    const struck = { type: 'fault', n: ++this.#strikes, kind, victim, ...(plane && { plane, link: fault.link }), aimed: phase, landed, job: this.#jobs.current, step: this.#watcher.committed + 1 };
    const atMs = Date.now();
    const over = strike(this.#cluster, fault, this.#options.signal);
    if (victim === 'coordinator' && plane === undefined && kind === 'sigkill') this.#coordinatorStruckMs = atMs;
    this.#note({ ...struck, atMs });
    this.#options.say(`${String(this.#strikes).padStart(3)} ${describe(fault)} in step ${struck.step}, ${landed ?? 'nowhere'}${landed === phase ? '' : ` (aimed at ${phase})`}`);
    return { over, n: struck.n };
  }

  /** Lets a trainer leave and come back: no fault, and not counted as one. */
  async #makeJoin(victim) {
    this.#note({ type: 'left', victim, atMs: Date.now() });
    this.#cluster.signal(victim, 'SIGTERM');
    await this.#cluster.ended(victim);
  }

  #happened({ type, name, ...more }) {
    this.#note({ type, name, ...more, atMs: Date.now() });
    // One that is refused when it starts is started again; one that works ends when it is told to.
    if (type === 'exit' && more.wasReady && more.code && !this.#options.product.isFragile) this.complain(`${name} ended by itself with code ${more.code}: ${more.reason ?? 'it does not say why'}`);
    if (name === 'coordinator') {
      if (type !== 'started' || this.#coordinatorStruckMs === null) return;
      this.#note({ type: 'recovered', kind: 'sigkill', victim: name, backMs: Date.now() - this.#coordinatorStruckMs });
      this.#coordinatorStruckMs = null;
    } else if (type === 'started') this.#watcher.started(name);
    else this.#watcher.ended(name);
  }

  #note(line) {
    appendFileSync(join(this.#options.folder, 'strikes.jsonl'), `${JSON.stringify(line)}\n`);
  }
}

const describe = ({ kind, victim, plane }) => `${kind} of ${victim}${plane ? ` (${plane})` : ''}`;
