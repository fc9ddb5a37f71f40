import type { DrawingPicture } from '@langevin/contracts/api';
import { formatCount } from '../../format/numbers.js';
import { ProgressBar } from '../../ui/progress-bar.js';

/** More are told as a number. */
const mostShown = 4;

/** Which pictures are to come, and how far each is. */
export function DrawingNote({ drawing }: { readonly drawing: readonly DrawingPicture[] }) {
  if (drawing.length === 0) return null;
  // The one under way, then those that wait, the newest first.
  const order = drawing.toSorted((a, b) => b.progress - a.progress || b.step - a.step);
  const more = order.length - mostShown;
  return (
    <ul aria-label="Samples to come" className="flex flex-wrap gap-x-6 gap-y-1 text-xs text-ink-3">
      {order.slice(0, mostShown).map(({ step, progress }) => (
        <li key={step} className="flex items-center gap-2">
          {progress > 0 ? `Drawing step ${formatCount(step)}…` : `Step ${formatCount(step)} waits to be drawn`}
          {progress > 0 && (
            <span className="w-20">
              <ProgressBar value={progress} label={`Samples of step ${step}`} />
            </span>
          )}
        </li>
      ))}
      {more > 0 && <li>and {formatCount(more)} more</li>}
    </ul>
  );
}
