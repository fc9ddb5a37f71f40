import type { TrainerEffect } from '../effect.js';
import type { HeldState } from '../job.js';
import { apply, firstState, leafValue, link } from './arithmetic.js';
import { CatchUp } from './catch-up.js';
import type { Order } from './connection.js';
import { indexOf, Round, type Awaited } from './round.js';
import type { SimulatedTrainer } from './simulated-trainer.js';
import { reaches, violate, type Peer, type World } from './world.js';

type EffectOf<T extends TrainerEffect['type']> = Extract<TrainerEffect, { type: T }>;

/** Results that are kept for those who replay. */
const retained = 8;
/** Between looks at a peer that cannot be reached, and after how long that is told. */
const retryMs = 200;
const troubleMs = 1200;

/** A result that this trainer has, and may not apply before it is committed. */
export interface Held {
  readonly step: number;
  readonly value: number;
  readonly digest: string;
  /** What others get of it: a copy may be wrong where the vector is not. */
  readonly served: number;
}

/** A job on a trainer. */
export class Session {
  readonly jobId: string;
  applied: number;
  chain = '';
  state: number;
  held: Held | null = null;
  /** By step. */
  readonly results = new Map<number, Held>();
  readonly shared = new Map<number, { readonly state: number; readonly chain: string }>();
  hasFailed = false;
  files: { readonly step: number; readonly state: number } | null = null;
  readonly trainer: SimulatedTrainer;
  readonly #catchUp: CatchUp | null;
  readonly #waiting: Order[] = [];
  #isOpen = false;
  #isLive: boolean;
  #round: Round | null = null;
  #mayCommit = false;
  #isComputing = false;
  #trouble: { readonly id: string; readonly sinceMs: number; isTold: boolean } | null = null;

  constructor(trainer: SimulatedTrainer, jobId: string, joins: boolean, start: Order['start']) {
    this.trainer = trainer;
    this.jobId = jobId;
    this.#isLive = !joins;
    this.applied = joins ? 0 : (start?.step ?? 0);
    this.state = start?.state ?? firstState;
    this.#catchUp = joins ? new CatchUp(this) : null;
    this.later(this.world.chance.between(20, 80), () => this.#open());
  }

  get world(): World {
    return this.trainer.world;
  }

  later(ms: number, run: () => void): void {
    this.trainer.later(ms, () => {
      if (this.trainer.session === this && !this.hasFailed) run();
    });
  }

  holds(): HeldState | null {
    if (!this.#isOpen || !this.#isLive || this.hasFailed) return null;
    // What it says now stays so until it is told how to go on.
    this.#mayCommit = this.world.options.defect === 'goes on after its report';
    const { jobId, applied, chain, held } = this;
    const prepared = held && this.world.options.defect !== 'forgets what it prepared' ? { digest: held.digest, loss: 1, norm: 1, finite: true } : null;
    return { jobId, applied, chain, loss: 1, prepared };
  }

  forgetShared(): void {
    this.shared.clear();
  }

  fail(): void {
    this.trainer.send({ type: 'trainerFailed', trainerId: this.trainer.id, jobId: this.jobId, code: 'internal', message: 'out of memory' });
    this.hasFailed = true;
  }

  hear(order: Order): void {
    if (this.hasFailed || !('jobId' in order.effect) || order.effect.jobId !== this.jobId) return;
    if (this.#isOpen) this.#handle(order);
    else this.#waiting.push(order);
  }

  partial(step: number, chain: string, first: number, leaves: number): number | undefined {
    const round = this.#round;
    if (this.hasFailed || round?.step !== step || round.chain !== chain) return undefined;
    if (this.world.options.defect === 'frees before the commit' && this.held?.step === step) return undefined;
    return round.partial(first, leaves);
  }

  chunk(step: number, chain: string, firstBlock: number, blocks: number): number | undefined {
    if (this.hasFailed) return undefined;
    const result = this.resultOf(step, chain);
    if (result && this.world.options.defect !== 'frees before the commit') return result.served;
    const round = this.#round;
    return round?.step === step && round.chain === chain ? round.reducedChunk(firstBlock, blocks) : undefined;
  }

  /** A result that follows `chain`, of a committed step or the one that it is in doubt about, as others get it. */
  resultOf(step: number, chain: string): Held | undefined {
    const held = this.held?.step === step ? this.held : this.results.get(step);
    if (!held || link(chain, held.value) !== held.digest) return undefined;
    return { step, value: held.served, digest: link(chain, held.served), served: held.served };
  }

  /** Looks whether what it waits for has come. */
  look(): void {
    const round = this.#round;
    if (!round || this.hasFailed || this.held?.step === round.step) return;
    const { id } = this.trainer;
    const awaited = round.reduce(id, (other) => this.#peer(other));
    if (awaited) return this.#await(awaited);
    this.trainer.publish();
    const fetched = round.fetch(id, (other) => this.#peer(other));
    if (typeof fetched === 'number') this.#prepare(round, fetched);
    else this.#await(fetched);
  }

  /** The result that was held is now part of the state; one that is alone has not waited for that. */
  commit(step: number, digest: string): void {
    const { held, world } = this;
    if (step === this.applied && digest === this.chain) return;
    if (held?.step !== step || held.digest !== digest) return violate(world, `${this.trainer.name} is to apply ${digest} at step ${step}, and holds ${held ? `${held.digest} of step ${held.step}` : 'nothing'} after step ${this.applied}`);
    this.#apply(held);
  }

  take({ step, state, chain }: { readonly step: number; readonly state: number; readonly chain: string }): void {
    this.applied = step;
    this.state = state;
    this.chain = chain;
  }

  hold(held: Held): void {
    this.held = held;
    this.trainer.send({ type: 'prepared', trainerId: this.trainer.id, jobId: this.jobId, step: held.step, digest: held.digest, loss: 1, norm: 1, finite: true, leafMs: this.trainer.leafMs });
    this.trainer.publish();
  }

  #open(): void {
    this.#isOpen = true;
    const { trainer, jobId } = this;
    trainer.send({ type: 'trainerReady', trainerId: trainer.id, jobId, numerics: { isa: trainer.isOdd ? 'sse' : 'avx2' } });
    for (const order of this.#waiting.splice(0)) this.#handle(order);
  }

  #handle(order: Order): void {
    const { effect } = order;
    switch (effect.type) {
      case 'runStep':
        return this.#runStep(effect, order.chain);
      case 'commit':
        if (this.#isLive) this.commit(effect.step, effect.digest);
        else this.#catchUp?.committed(effect.step, effect.digest);
        return;
      case 'fetchState':
        return this.#catchUp?.fetch(effect);
      case 'shareState':
        if (this.applied !== effect.step) return violate(this.world, `${this.trainer.name} is to share the state after step ${effect.step}, and has that after ${this.applied}`);
        this.shared.set(effect.step, { state: this.state, chain: this.chain });
        return;
      case 'dropState':
        this.shared.delete(effect.step);
        return;
      case 'takeState':
        return this.#takeState(effect);
      default:
    }
  }

  #runStep(effect: EffectOf<'runStep'>, chain: string): void {
    if (this.#isLive || !this.#catchUp) this.begin(effect, chain);
    else this.#catchUp.ordered(effect, chain);
  }

  /** Whether it is a member under the plan. */
  isMember({ plan }: EffectOf<'runStep'>): boolean {
    return indexOf(plan).shareOf.has(this.trainer.id);
  }

  /** Takes part in the step, or goes on with it under another plan. */
  begin({ step, plan }: EffectOf<'runStep'>, chain: string): void {
    this.#isLive = true;
    if (step !== this.applied + 1 || chain !== this.chain) {
      return violate(this.world, `${this.trainer.name} is to run step ${step} on ${chain || 'nothing'}, and has applied step ${this.applied} (${this.chain || 'nothing'})`);
    }
    const { held } = this;
    if (this.#round?.step === step) this.#round.goOn(plan);
    else this.#round = new Round(step, chain, plan, this.world.options.defect);
    this.#trouble = null;
    this.#mayCommit = true;
    if (held?.step === step) this.hold(held);
    this.#compute();
    this.look();
  }

  /** One leaf after the other: those of the plan, also when the result is there already, for others may need them. */
  #compute(): void {
    const round = this.#round;
    if (this.#isComputing || !round) return;
    const leaf = this.#nextLeaf(round);
    if (leaf === undefined) return;
    this.#isComputing = true;
    this.later(this.trainer.leafMs * this.world.chance.between(0.9, 1.1), () => {
      this.#isComputing = false;
      // It may have been told of another step, which this leaf is not of.
      if (this.#round === round) round.leaves.set(leaf, leafValue(this.state, round.step, leaf));
      this.trainer.publish();
      this.#compute();
      this.look();
    });
  }

  #nextLeaf(round: Round): number | undefined {
    for (const { first, leaves } of indexOf(round.plan).shareOf.get(this.trainer.id)?.subtrees ?? []) {
      for (let leaf = first; leaf < first + leaves; leaf++) if (!round.leaves.has(leaf)) return leaf;
    }
    return undefined;
  }

  #prepare(round: Round, result: number): void {
    const isWrong = this.trainer.diverges === 'result';
    if (isWrong) this.#diverge();
    const value = isWrong ? (result ^ 1) >>> 0 : result;
    this.hold({ step: round.step, value, digest: link(this.chain, value), served: result });
    if (!this.held) return;
    const isAlone = this.#mayCommit && round.plan.shares.length === 1 && indexOf(round.plan).shareOf.has(this.trainer.id);
    if (isAlone) this.world.committed.add(this.held.digest);
    if (isAlone || this.world.options.defect === 'applies before the commit') this.#apply(this.held);
  }

  #apply(held: Held): void {
    const { step, value, digest } = held;
    const { world } = this;
    if (!world.committed.has(digest)) violate(world, `${this.trainer.name} applies step ${step} before it is committed`);
    if (world.right[step] !== apply(this.state, value)) violate(world, `${this.trainer.name} gets another state at step ${step} than an undisturbed run: samples were lost or doubled`);
    world.counts.applied++;
    this.results.set(step, held);
    this.results.delete(step - retained);
    this.take({ step, state: apply(this.state, value), chain: digest });
    this.held = null;
    this.#round = null;
  }

  #takeState({ step }: EffectOf<'takeState'>): void {
    if (this.applied !== step) return violate(this.world, `${this.trainer.name} is asked for the state after step ${step}, and has that after ${this.applied}`);
    if (this.trainer.diverges === 'state') {
      this.#diverge();
      this.state = (this.state ^ 1) >>> 0;
    }
    const { state } = this;
    this.later(this.world.chance.between(5, 20), () => {
      this.files = { step, state };
      const files = [{ role: 'weights', digest: `w${state}`, size: 4 }];
      this.trainer.send({ type: 'stateReported', trainerId: this.trainer.id, jobId: this.jobId, step, files });
    });
  }

  #diverge(): void {
    this.trainer.diverges = null;
    this.trainer.hasDiverged = true;
  }

  #peer(id: string): Peer | undefined {
    const { trainer, world } = this;
    if (id === 'coordinator') return trainer.connection?.isOpen && world.coordinator.isUp ? world.coordinator : undefined;
    const other = world.ids.get(`${trainer.term} ${id}`);
    return other && reaches(world, trainer, other) ? other : undefined;
  }

  #await({ id, peer }: Awaited): void {
    if (id === this.trainer.id) return; // Its own leaves: it looks again when they are computed.
    if (peer) {
      this.#trouble = null;
      peer.waiters.add(this.trainer);
      return;
    }
    const { nowMs } = this.world.clock;
    if (this.#trouble?.id !== id) this.#trouble = { id, sinceMs: nowMs, isTold: false };
    const trouble = this.#trouble;
    if (nowMs - trouble.sinceMs > troubleMs && !trouble.isTold && id !== 'coordinator') {
      trouble.isTold = true;
      this.trainer.send({ type: 'peerTrouble', trainerId: this.trainer.id, jobId: this.jobId, peerId: id, problem: 'no answer', peerSilentMs: 0 });
    }
    this.later(retryMs, () => {
      if (this.#trouble === trouble) this.look();
    });
  }
}
