import type { ClusterState, Effect, ExchangePlan } from '@langevin/cluster-core';
import type { ExchangeMember } from '@langevin/collectives';
import { learningRateAt } from '@langevin/diffusion-core/planning';
import type { CoordinatorMessage } from '@langevin/rpc';
import type { Connections } from './connections.js';
import type { JobBook } from './job-book.js';
import type { SelfCheck } from './self-check.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Steps from one digest of the whole state to the next: reading and hashing it each time would cost more than 3 % of a step. */
const stateEverySteps = 100;

/** Members in one message: a control message stays under 64 KB. */
const membersPerMessage = 200;

/** Who takes part in the exchange of a job, as long as that does not change. */
interface Circle {
  readonly of: object;
  readonly with: object;
  readonly isRelayed: boolean;
  readonly members: readonly ExchangeMember[];
}

/** What step messages are made from. */
export interface StepMessageTools {
  readonly connections: Connections;
  readonly book: JobBook;
  readonly state: () => ClusterState;
  /** The coordinator as a member of the exchange. */
  readonly self: () => ExchangeMember;
  readonly checks: SelfCheck;
  /** Whether every step's chain takes in the state, instead of now and then. */
  readonly isThorough: boolean;
}

/** What trainers are told of steps: a plan, and who is in it, only when it is another than the one before. */
export class StepMessages {
  readonly #tools: StepMessageTools;
  /** The plan that each trainer has. */
  readonly #sent = new Map<string, ExchangePlan>();
  /** Who it knows of. */
  readonly #known = new Map<string, Circle>();
  #circle: Circle | null = null;

  constructor(tools: StepMessageTools) {
    this.#tools = tools;
  }

  runStep({ trainerId, jobId, step, plan }: EffectOf<'runStep'>): void {
    const { connections, book, state, checks, isThorough } = this.#tools;
    const isNew = this.#sent.get(trainerId) !== plan;
    this.introduce(trainerId, jobId);
    this.#sent.set(trainerId, plan);
    const { training } = book.get(jobId).spec;
    const chain = state().jobs.find(({ request }) => request.id === jobId)?.chain ?? '';
    const check = checks.choose(step, plan);
    const isAsked = check?.checkerId === trainerId || check?.ownerId === trainerId;
    const withState = isThorough || step % stateEverySteps === 0;
    connections.send(trainerId, {
      runStep: { job: jobId, step, generation: plan.generation, learningRate: learningRateAt(step - 1, training), chain, withState, ...(isNew && { plan: planMessage(plan) }), ...(isAsked && { check: check.subtree }) },
    });
  }

  /** Tells a trainer who takes part in the exchange, and who comes to it, if it does not know. */
  introduce(trainerId: string, jobId: string): void {
    const circle = this.#circleOf(jobId);
    if (!circle || this.#known.get(trainerId) === circle) return;
    this.#known.set(trainerId, circle);
    this.#sendMembers(trainerId, circle.members);
  }

  /** Who takes part in the exchange of the job now. */
  members(jobId: string): readonly ExchangeMember[] {
    return this.#circleOf(jobId)?.members ?? [];
  }

  #circleOf(jobId: string): Circle | null {
    const { connections, state, self } = this.#tools;
    const status = state().jobs.find(({ request }) => request.id === jobId)?.status;
    if (status?.phase !== 'running') return null;
    const last = this.#circle;
    if (last?.of === status.members && last.with === status.joiners && last.isRelayed === (status.relayed !== null)) return last;
    const trainers = [...status.members, ...status.joiners].flatMap(({ trainerId }) => connections.member(trainerId) ?? []);
    this.#circle = { of: status.members, with: status.joiners, isRelayed: status.relayed !== null, members: status.relayed === null ? trainers : [...trainers, self()] };
    return this.#circle;
  }

  #sendMembers(trainerId: string, members: readonly ExchangeMember[]): void {
    for (let first = 0; first === 0 || first < members.length; first += membersPerMessage) {
      const part = members.slice(first, first + membersPerMessage).map(memberMessage);
      this.#tools.connections.send(trainerId, { members: { members: part, complete: first + membersPerMessage >= members.length } });
    }
  }

  forget(trainerId: string): void {
    this.#sent.delete(trainerId);
    this.#known.delete(trainerId);
  }
}

function memberMessage({ id, name, incarnation, shm, tcp, grpc }: ExchangeMember): NonNullable<NonNullable<CoordinatorMessage['members']>['members']>[number] {
  return { id, name, incarnation, endpoints: { shm: shm ?? '', tcp: tcp ?? '', grpc: grpc ?? '' } };
}

function planMessage({ shares, chunks }: ExchangePlan): NonNullable<NonNullable<CoordinatorMessage['runStep']>['plan']> {
  return {
    shares: shares.map(({ trainerId, subtrees }) => ({ owner: trainerId, subtrees: [...subtrees] })),
    chunks: chunks.map(({ ownerId, firstBlock, blocks }) => ({ owner: ownerId, firstBlock, blocks })),
  };
}
