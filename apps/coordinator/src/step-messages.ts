import { COORDINATOR, type ClusterState, type Effect, type ExchangePlan } from '@langevin/cluster-core';
import type { ExchangeMember } from '@langevin/collectives';
import { learningRateAt } from '@langevin/diffusion-core';
import type { CoordinatorMessage } from '@langevin/rpc';
import type { Connections } from './connections.js';
import type { JobBook } from './job-book.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Members in one message: a control message stays under 64 KB. */
const membersPerMessage = 200;

/** What step messages are made from. */
export interface StepMessageTools {
  readonly connections: Connections;
  readonly book: JobBook;
  readonly state: () => ClusterState;
  /** The coordinator as a member of the exchange. */
  readonly self: () => ExchangeMember;
}

/** What trainers are told of steps: a plan, and who is in it, only when it is another than the one before. */
export class StepMessages {
  readonly #tools: StepMessageTools;
  /** The plan that each trainer has. */
  readonly #sent = new Map<string, ExchangePlan>();

  constructor(tools: StepMessageTools) {
    this.#tools = tools;
  }

  runStep({ trainerId, jobId, step, plan }: EffectOf<'runStep'>): void {
    const { connections, book, state } = this.#tools;
    const isNew = this.#sent.get(trainerId) !== plan;
    if (isNew) this.sendMembers(trainerId, this.members(plan));
    this.#sent.set(trainerId, plan);
    const { training } = book.get(jobId).spec;
    const chain = state().jobs.find(({ request }) => request.id === jobId)?.chain ?? '';
    connections.send(trainerId, {
      runStep: { job: jobId, step, generation: plan.generation, learningRate: learningRateAt(step - 1, training), chain, ...(isNew && { plan: planMessage(plan) }) },
    });
  }

  /** Who can be reached of those that a plan names. */
  members({ shares, chunks }: Pick<ExchangePlan, 'shares' | 'chunks'>): ExchangeMember[] {
    const ids = new Set([...shares.map(({ trainerId }) => trainerId), ...chunks.map(({ ownerId }) => ownerId)]);
    return this.membersById([...ids]);
  }

  /** Those of these ids that are there. */
  membersById(ids: readonly string[]): ExchangeMember[] {
    const { connections, self } = this.#tools;
    return ids.flatMap((id) => (id === COORDINATOR ? self() : (connections.member(id) ?? [])));
  }

  sendMembers(trainerId: string, members: readonly ExchangeMember[]): void {
    for (let first = 0; first === 0 || first < members.length; first += membersPerMessage) {
      const part = members.slice(first, first + membersPerMessage).map(memberMessage);
      this.#tools.connections.send(trainerId, { members: { members: part, complete: first + membersPerMessage >= members.length } });
    }
  }

  forget(trainerId: string): void {
    this.#sent.delete(trainerId);
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
