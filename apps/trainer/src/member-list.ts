import type { ExchangeMember } from '@langevin/collectives';
import type { Members__Output } from '@langevin/rpc';

/** Who takes part in the exchange, as the coordinator says: a long list comes in several messages, and counts when it is whole. */
export class MemberList {
  #coming: ExchangeMember[] = [];
  #members: readonly ExchangeMember[] = [];

  get members(): readonly ExchangeMember[] {
    return this.#members;
  }

  note({ members, complete }: Members__Output): void {
    for (const { id, name, incarnation, endpoints } of members) {
      this.#coming.push({ id, name, incarnation, shm: endpoints?.shm || null, tcp: endpoints?.tcp || null, grpc: endpoints?.grpc || null });
    }
    if (!complete) return;
    this.#members = this.#coming;
    this.#coming = [];
  }
}
