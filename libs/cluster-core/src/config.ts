import { LangevinError } from '@langevin/contracts';

/** What holds for a cluster as long as its coordinator runs. */
export interface ClusterConfig {
  /** Langevin's version: a trainer of another one is refused. */
  readonly version: string;
  /** How often trainers are told to send a heartbeat. @default 250 */
  readonly heartbeatMs: number;
  /** Silence after which a trainer is lost, and its job with it. Several heartbeats long. @default 5000 */
  readonly suspectAfterMs: number;
}

/** The settings that have no default, and those to change. */
export type ClusterOptions = Pick<ClusterConfig, 'version'> & Partial<ClusterConfig>;

/**
 * Fills in the defaults and checks how the numbers fit together.
 * @throws LangevinError `invalid_argument` when a number is not positive or a trainer would be lost between two heartbeats.
 */
export function compileConfig(options: ClusterOptions): ClusterConfig {
  const config = { heartbeatMs: 250, suspectAfterMs: 5000, ...options };
  if (!(config.heartbeatMs > 0)) {
    throw new LangevinError('invalid_argument', `heartbeatMs ${config.heartbeatMs} must be positive`);
  }
  if (!(config.suspectAfterMs > config.heartbeatMs)) {
    const { suspectAfterMs, heartbeatMs } = config;
    throw new LangevinError('invalid_argument', `suspectAfterMs ${suspectAfterMs} must exceed heartbeatMs ${heartbeatMs}`);
  }
  return config;
}
