import type { NodeInfo } from '@langevin/contracts/api';

const parts = [
  { key: 'compute', label: 'compute', className: 'bg-accent' },
  { key: 'exchange', label: 'exchange', className: 'bg-ok' },
  { key: 'wait', label: 'wait', className: 'bg-control' },
] as const;

/** What the colours of the bars mean. */
export function StepLegend() {
  return (
    <ul className="flex gap-3 text-xs text-ink-2">
      {parts.map(({ key, label, className }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2.5 rounded-sm ${className}`} />
          {label}
        </li>
      ))}
    </ul>
  );
}

/** Properties of a bar. */
export interface StepBarProps {
  readonly stepMs: NonNullable<NodeInfo['stepMs']>;
  /** Milliseconds that fill the whole width: those of the longest step of all trainers. */
  readonly longestMs: number;
}

/** Where the last step of a trainer went. */
export function StepBar({ stepMs, longestMs }: StepBarProps) {
  const text = parts.map(({ key, label }) => `${label} ${Math.round(stepMs[key])} ms`).join(', ');
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div role="img" aria-label={`Last step: ${text}`} className="flex h-2.5 w-full gap-px overflow-hidden rounded-sm bg-raised">
        {parts.map(({ key, className }) => (
          <div key={key} className={`${className} transition-[width] duration-300`} style={{ width: `${(stepMs[key] / longestMs) * 100}%` }} />
        ))}
      </div>
      <div aria-hidden="true" className="truncate text-xs text-ink-3">
        {text}
      </div>
    </div>
  );
}
