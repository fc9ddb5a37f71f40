import { createHash } from 'node:crypto';
import { ExchangeHost, VectorArena } from '@langevin/collectives';
import { parameterCount, treeSum } from './leaf-values.js';
import type { ScriptedRun, ScriptedTrainer } from './scripted-trainer.js';
import { testToken, type TestCoordinator } from './test-coordinator.js';

/** What a spec sees of a step that was exchanged. */
export interface ExchangedStep {
  readonly run: ScriptedRun;
  /** The gradient to apply. */
  readonly gradient: Float32Array;
  /** Before it was clipped. */
  readonly norm: number;
  readonly loss: number;
}

/** A scripted trainer whose made-up gradients really travel: it takes part in the exchange. */
export class ExchangingTrainer implements AsyncDisposable {
  readonly trainer: ScriptedTrainer;
  /** Troubles with others, as it was told of them. */
  readonly troubles: string[];
  readonly #exchange: ExchangeHost;
  #arena: VectorArena | null = null;

  private constructor(trainer: ScriptedTrainer, exchange: ExchangeHost, troubles: string[]) {
    this.trainer = trainer;
    this.#exchange = exchange;
    this.troubles = troubles;
  }

  /** Attaches and is welcomed. It is disposed with the coordinator. */
  static async attach(cluster: TestCoordinator, name: string): Promise<ExchangingTrainer> {
    const troubles: string[] = [];
    const exchange = await ExchangeHost.start({
      ...{ cluster: '', term: 0, token: testToken, listen: { host: '127.0.0.1', port: 0 } },
      self: { id: '', name, incarnation: `${name} of a spec` },
      onTrouble: (memberId, problem) => void troubles.push(`${memberId}: ${problem}`),
      onRecovered: () => undefined,
    });
    const { shm, tcp, grpc } = exchange.endpoints;
    const trainer = await cluster.trainer(name, { incarnation: `${name} of a spec`, exchange: { shm: shm ?? '', tcp: tcp ?? '', grpc: grpc ?? '' } });
    const { trainerId, cluster: id, term } = await trainer.next('welcome');
    exchange.identify({ cluster: id, term: Number(term), id: trainerId });
    return cluster.use(new ExchangingTrainer(trainer, exchange, troubles));
  }

  /** Takes part in a job up to its first step. */
  async start(): Promise<void> {
    const { job, specJson } = await this.trainer.start();
    const spec = JSON.parse(specJson) as { training: { virtualWorkers: number; clipNorm?: number } }; // A specification that the coordinator has resolved.
    const { virtualWorkers, clipNorm } = spec.training;
    this.#arena = VectorArena.attach(this.#exchange.openJob({ job, elements: parameterCount(spec), virtualWorkers, clipNorm }));
  }

  /** Computes its part of the next step, and says that it holds the result. Each leaf weighs `weight` and has a loss of `weight`. */
  async prepare(leafOf: (leaf: number) => Float32Array, weight = 1): Promise<ExchangedStep> {
    const run = await this.trainer.run();
    const { job, step, chain, plan, generation } = run;
    const arena = this.#arena!; // Opened by `start`.
    this.#exchange.setMembers(run.members.map(({ id, name, incarnation, endpoints: at }) => ({ id, name, incarnation, shm: at?.shm || null, tcp: at?.tcp || null, grpc: at?.grpc || null })));
    const shares = plan.shares.map(({ owner, subtrees }) => ({ trainerId: owner, subtrees }));
    const chunks = plan.chunks.map(({ owner, firstBlock, blocks }) => ({ ownerId: owner, firstBlock, blocks }));
    this.#exchange.begin({ step, chain, plan: { generation, shares, chunks } });
    for (const subtree of run.subtrees) {
      const { address } = arena.takeCopy(treeSum(subtree.first, subtree.leaves, leafOf));
      this.#exchange.offer({ step, subtree: { first: subtree.first, leaves: subtree.leaves }, address, weightSum: weight * subtree.leaves, lossSum: weight * subtree.leaves });
    }
    const held = await this.#exchange.held(step);
    const { norm, loss, finite } = held;
    const digest = createHash('sha256').update(`${chain} ${held.digest}`).digest('hex');
    this.trainer.send({ prepared: { job, step, digest, loss, norm, finite, leafMs: 1 } });
    return { run, gradient: arena.vectorAt(held.address).floats.slice(), norm, loss };
  }

  /** The step is committed. */
  async commit(): Promise<void> {
    const { step } = await this.trainer.next('commit');
    this.#exchange.commit(Number(step));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#exchange[Symbol.asyncDispose]();
  }
}
