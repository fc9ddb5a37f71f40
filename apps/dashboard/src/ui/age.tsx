import { formatAge, formatTime } from '../format/times.js';
import { useNow } from './use-now.js';

/** How long ago a time was; the whole time on hover. */
export function Age({ time }: { readonly time: string | null }) {
  const now = useNow();
  if (time === null) return <span className="text-ink-3">–</span>;
  return (
    <time dateTime={time} title={formatTime(time)} className="whitespace-nowrap">
      {formatAge(time, now)}
    </time>
  );
}
