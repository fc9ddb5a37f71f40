import type { ExchangeTransport } from '@langevin/collectives';
import type { TlsIdentity } from '@langevin/rpc';

/** What a trainer needs to know. */
export interface TrainerOptions {
  /** host:port of the coordinator; several with commas between them where another may take over. */
  readonly coordinator: string;
  readonly token: string;
  /** For people; unique among live trainers. */
  readonly name: string;
  /** Folder in which data shards are kept between jobs. */
  readonly cacheFolder: string;
  /** Langevin's version; must equal the coordinator's. */
  readonly version: string;
  /** What it proves itself with, to the coordinator. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Where others pull from this trainer. @default any free port of 127.0.0.1 */
  readonly listen?: ListenOptions;
  /** Folder for facts that a separate program can check. @default none are written */
  readonly ledger?: string | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Called when the coordinator has taken this trainer in. */
  readonly onAttached?: () => void;
}

/** Where a trainer serves its part of the data. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** host or host:port at which the coordinator dials it. @default the host and port that it listens on */
  readonly advertise?: string | undefined;
  /** Port of the exchange of gradients; 0 takes any free one. */
  readonly exchangePort: number;
  /** host:port at which the others dial it. @default the host at which it is pulled from, and that port */
  readonly exchangeAdvertise?: string | undefined;
  /** How gradients may travel. @default every way there is, the best first */
  readonly transports?: readonly ExchangeTransport[] | undefined;
  /** Allows a host beyond this machine without TLS. */
  readonly insecure: boolean;
}
