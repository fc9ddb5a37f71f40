import type { StepTimes } from './step-history.js';

const parts = [
  { key: 'compute', className: 'fill-accent' },
  { key: 'exchange', className: 'fill-ok' },
  { key: 'wait', className: 'fill-control' },
] as const;

const width = 240;
const height = 24;
const columns = 60;

/** Where the last steps of a trainer went, a column each, the newest at the right. */
export function StepTrace({ steps }: { readonly steps: readonly StepTimes[] }) {
  const longest = Math.max(1, ...steps.map(({ compute, wait, exchange }) => compute + wait + exchange));
  const step = width / columns;
  return (
    <svg role="img" aria-label={`The last ${steps.length} steps that were seen`} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-6 w-full rounded-sm bg-raised">
      {steps.map((times, index) => {
        let y = height;
        return parts.map(({ key, className }) => {
          const size = (times[key] / longest) * height;
          y -= size;
          return <rect key={`${index} ${key}`} x={(columns - steps.length + index) * step} y={y} width={step * 0.8} height={size} className={className} />;
        });
      })}
    </svg>
  );
}
