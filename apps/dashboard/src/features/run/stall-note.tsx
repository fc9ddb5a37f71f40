import type { RunStall } from '@langevin/contracts/api';
import { TriangleAlert } from 'lucide-react';
import { formatCount } from '../../format/numbers.js';
import { formatDuration } from '../../format/times.js';
import { useNow } from '../../ui/use-now.js';

/** What holds the run up, and who: there only while something takes unusually long. */
export function StallNote({ stall }: { readonly stall: RunStall }) {
  const now = useNow();
  const { what, step, since, usualMs, waitsFor } = stall;
  return (
    <p className="flex items-start gap-2 border-t border-line px-3 py-2 text-ink-2">
      <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0">
        {what === 'step' ? 'Step' : 'The checkpoint of step'} {formatCount(step)} waits {formatDuration(now - Date.parse(since))}
        {waitsFor.length > 0 && ' for '}
        {waitsFor.map(({ name, doing }, index) => (
          <span key={name}>
            {index > 0 && ', '}
            <strong className="font-medium text-ink">{name}</strong> ({doing})
          </span>
        ))}
        {usualMs !== null && <span className="text-ink-3"> · usually {formatDuration(usualMs)}</span>}
      </span>
    </p>
  );
}
