import { COORDINATOR } from '@langevin/cluster-core';
import type { ExchangeMember } from '@langevin/collectives';
import { hostAndPort, hostOf, type Members__Output } from '@langevin/rpc';

/** Who takes part in the exchange, as the coordinator says: a long list comes in several messages, and counts when it is whole. */
export class MemberList {
  #coming: ExchangeMember[] = [];
  #members: readonly ExchangeMember[] = [];

  get members(): readonly ExchangeMember[] {
    return this.#members;
  }

  /** @param coordinator host:port at which this trainer reaches the coordinator, which does not know how it is reached itself */
  note({ members, complete }: Members__Output, coordinator: string): void {
    const reached = (id: string, address: string | undefined): string | null => {
      if (!address) return null;
      return id === COORDINATOR ? hostAndPort(hostOf(coordinator), Number(address.slice(address.lastIndexOf(':') + 1))) : address;
    };
    for (const { id, name, incarnation, endpoints } of members) {
      this.#coming.push({ id, name, incarnation, shm: endpoints?.shm || null, tcp: reached(id, endpoints?.tcp), grpc: reached(id, endpoints?.grpc) });
    }
    if (!complete) return;
    this.#members = this.#coming;
    this.#coming = [];
  }
}
