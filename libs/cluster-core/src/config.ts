import { LangevinError } from '@langevin/contracts';

/** What holds for a cluster as long as its coordinator runs. */
export interface ClusterConfig {
  /** Langevin's version: a trainer of another one is refused. */
  readonly version: string;
  /** How often trainers are told to send a heartbeat. @default 250 */
  readonly heartbeatMs: number;
  /** How long those who held a job's state may take to come back before it goes on without them. @default 3000 */
  readonly returnMs: number;
}

/** The settings that have no default, and those to change. */
export type ClusterOptions = Pick<ClusterConfig, 'version'> & Partial<ClusterConfig>;

/**
 * Fills in the defaults and checks the numbers.
 * @throws LangevinError `invalid_argument` when a number is not positive.
 */
export function compileConfig(options: ClusterOptions): ClusterConfig {
  const config = { heartbeatMs: 250, returnMs: 3000, ...options };
  for (const key of ['heartbeatMs', 'returnMs'] as const) {
    if (!(config[key] > 0)) throw new LangevinError('invalid_argument', `${key} ${config[key]} must be positive`);
  }
  return config;
}
