import type { TrainerEffect } from '../effect.js';
import type { Held, Session } from './session.js';
import { reaches, violate } from './world.js';

type RunStep = Extract<TrainerEffect, { type: 'runStep' }>;
type FetchState = Extract<TrainerEffect, { type: 'fetchState' }>;

const pollMs = 20;
/** How long a joiner tries to get what it needs. */
const patienceMs = 1500;

/** How a trainer that joins gets to the state of the others: a copy of theirs, then the results since. */
export class CatchUp {
  readonly #session: Session;
  #fetching: FetchState | null = null;
  #hasState = false;
  #order: { readonly effect: RunStep; readonly chain: string } | null = null;
  readonly #committed = new Map<number, string>();
  #blockedSinceMs: number | null = null;
  #isPolling = false;

  constructor(session: Session) {
    this.#session = session;
  }

  fetch(effect: FetchState): void {
    this.#fetching = effect;
    this.#hasState = false;
    this.#session.held = null;
    this.#blockedSinceMs = null;
    const sinceMs = this.#now;
    const attempt = (): void => {
      if (this.#fetching !== effect) return;
      const state = this.#copy(effect);
      if (state) return this.#fetched(effect, state);
      if (this.#now - sinceMs > patienceMs) return this.#fallBehind(0);
      this.#session.later(pollMs, attempt);
    };
    this.#session.later(this.#session.world.chance.between(20, 120), attempt);
  }

  ordered(effect: RunStep, chain: string): void {
    this.#order = { effect, chain };
    this.#replay();
  }

  committed(step: number, digest: string): void {
    this.#committed.set(step, digest);
    this.#blockedSinceMs = null;
    this.#replay();
  }

  get #now(): number {
    return this.#session.world.clock.nowMs;
  }

  /** The state that the donors share, when every one of them can be reached. */
  #copy({ donors, step, chain }: FetchState): { state: number; chain: string } | undefined {
    const { trainer, world } = this.#session;
    const copies = donors.map((id) => {
      const donor = world.ids.get(`${trainer.term} ${id}`);
      return donor && reaches(world, trainer, donor) ? donor.session?.shared.get(step) : undefined;
    });
    const [first] = copies;
    if (!first || copies.includes(undefined)) return undefined;
    if (copies.some((copy) => copy?.state !== first.state || copy.chain !== chain)) violate(world, `${trainer.name} is given parts of different states after step ${step}`);
    return first;
  }

  #fetched({ step }: FetchState, { state, chain }: { state: number; chain: string }): void {
    const { trainer, jobId } = this.#session;
    this.#fetching = null;
    this.#hasState = true;
    this.#session.take({ step, state, chain });
    trainer.send({ type: 'stateFetched', trainerId: trainer.id, jobId, step });
    this.#replay();
  }

  #fallBehind(step: number): void {
    const { trainer, jobId } = this.#session;
    this.#fetching = null;
    this.#hasState = false;
    trainer.send({ type: 'fellBehind', trainerId: trainer.id, jobId, step });
  }

  /** Applies one committed result after the other, and says of each that it has it. */
  #replay(): void {
    const session = this.#session;
    while (this.#hasState) {
      const step = session.applied + 1;
      const order = this.#order?.effect.step === step ? this.#order : null;
      // A member from now on.
      if (order && !this.#committed.has(step) && this.#session.isMember(order.effect)) {
        // What still looks for results must not begin the step again, under a plan that has been replaced.
        this.#hasState = false;
        return this.#session.begin(order.effect, order.chain);
      }
      if (!order && !this.#committed.has(step)) return;
      if (session.held?.step !== step) {
        const found = this.#find(step);
        if (!found) return this.#poll(step);
        session.hold(found);
      }
      this.#blockedSinceMs = null;
      const digest = this.#committed.get(step);
      if (digest === undefined) return;
      if (session.held?.digest !== digest) {
        // Whoever it came from was wrong: the step was committed with another one.
        session.held = null;
        continue;
      }
      session.commit(step, digest);
      if (session.applied !== step) return;
    }
  }

  #find(step: number): Held | undefined {
    const { trainer, world, chain, jobId } = this.#session;
    for (const { trainerId } of this.#order?.effect.plan.shares ?? []) {
      const other = world.ids.get(`${trainer.term} ${trainerId}`);
      if (!other || other === trainer || other.session?.jobId !== jobId || !reaches(world, trainer, other)) continue;
      const held = other.session.resultOf(step, chain);
      const committed = this.#committed.get(step);
      if (held && (committed === undefined || committed === held.digest)) return held;
    }
    return undefined;
  }

  #poll(step: number): void {
    this.#blockedSinceMs ??= this.#now;
    if (this.#committed.has(step) && this.#now - this.#blockedSinceMs > patienceMs) return this.#fallBehind(step - 1);
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#session.later(pollMs, () => {
      this.#isPolling = false;
      this.#replay();
    });
  }
}
