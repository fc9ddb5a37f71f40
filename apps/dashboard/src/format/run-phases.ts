import type { RunPhase } from '@langevin/contracts/api';

/** Every phase, in the order of a run's life. */
export const runPhases = ['queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled', 'stopped'] as const satisfies readonly RunPhase[];
