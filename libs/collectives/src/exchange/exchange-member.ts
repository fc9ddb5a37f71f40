/** A process that takes part in the exchange, and where it can be reached. */
export interface ExchangeMember {
  readonly id: string;
  /** For people: `trainer t2`. */
  readonly name: string;
  /** Which life of it: grows with each start. */
  readonly incarnation: string;
  /** host:port that can be dialled, or null: it dials out. */
  readonly tcp: string | null;
  /** Path of its Unix socket, which only processes that share its /dev/shm find. */
  readonly shm: string | null;
  /** host:port of its gRPC server, or null. */
  readonly grpc: string | null;
}

/** How bytes get from one member to another, best first. */
export type ExchangeTransport = 'shm' | 'tcp' | 'grpc';

/** Where a member of the exchange listens. */
export type ExchangeEndpoints = Pick<ExchangeMember, ExchangeTransport>;
