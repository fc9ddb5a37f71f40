import type { RunSummary } from '@langevin/contracts/api';

/** What people should read about the state of a run: nothing while it simply trains. */
export function runNote({ phase, reason }: Pick<RunSummary, 'phase' | 'reason'>): string {
  return phase === 'running' && /^training on [^;]*$/.test(reason) ? '' : reason;
}
