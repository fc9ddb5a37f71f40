import type { MetricKey } from '@langevin/contracts/api';
import { metricTitles } from '../../charts/metric-titles.js';
import { controlClass } from '../../ui/field.js';
import { Segmented } from '../../ui/segmented.js';

/** Properties of the controls. */
export interface CompareControlsProps {
  readonly metric: MetricKey;
  readonly log: boolean;
  readonly smoothing: number;
  readonly onSmoothing: (smoothing: number) => void;
  /** Called with what changes in the address. */
  readonly onChange: (change: object) => void;
}

/** What is compared, and how it is looked at. */
export function CompareControls({ metric, log, smoothing, onSmoothing, onChange }: CompareControlsProps) {
  return (
    <>
      <select aria-label="Metric" className={`${controlClass} !w-auto`} value={metric} onChange={(event) => onChange({ key: event.target.value })}>
        {Object.entries(metricTitles).map(([option, title]) => (
          <option key={option} value={option}>
            {title}
          </option>
        ))}
      </select>
      <Segmented
        label="Vertical axis"
        value={log ? 'log' : 'linear'}
        options={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(value) => onChange({ log: value === 'log' ? undefined : false })}
      />
      <label className="flex items-center gap-2 text-ink-2">
        Smoothing
        <input type="range" min={0} max={0.99} step={0.01} value={smoothing} onChange={(event) => onSmoothing(event.target.valueAsNumber)} className="rail w-24" />
      </label>
    </>
  );
}
