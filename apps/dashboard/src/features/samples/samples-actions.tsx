import { Pin, PinOff } from 'lucide-react';
import { Button } from '../../ui/button.js';
import { controlClass } from '../../ui/field.js';
import { Segmented } from '../../ui/segmented.js';

/** What the actions change in the address. */
export interface SamplesChange {
  readonly view?: 'steps' | undefined;
  readonly column?: number | undefined;
  readonly with?: number | undefined;
}

/** Properties of the actions. */
export interface SamplesActionsProps {
  readonly view: 'steps' | undefined;
  /** The noise that is shown over steps. */
  readonly column: number;
  /** How many noises there are. */
  readonly columns: number;
  /** Where the slider stands. */
  readonly step: number;
  readonly pinned: number | undefined;
  readonly onChange: (change: SamplesChange) => void;
}

/** How the samples are looked at. */
export function SamplesActions({ view, column, columns, step, pinned, onChange }: SamplesActionsProps) {
  return (
    <>
      {view === 'steps' ? (
        <select aria-label="Noise" className={`${controlClass} !w-auto`} value={column} onChange={(event) => onChange({ column: Number(event.target.value) })}>
          {Array.from({ length: columns }, (_, i) => (
            <option key={i} value={i}>
              noise {i + 1}
            </option>
          ))}
        </select>
      ) : (
        <Button onClick={() => onChange({ with: pinned === undefined ? step : undefined })}>
          {pinned === undefined ? <Pin size={14} aria-hidden /> : <PinOff size={14} aria-hidden />}
          {pinned === undefined ? 'Pin to compare' : 'Unpin'}
        </Button>
      )}
      <Segmented
        label="View"
        value={view ?? 'noises'}
        options={[
          { value: 'noises', label: 'One step' },
          { value: 'steps', label: 'Over steps' },
        ]}
        onChange={(value) => onChange({ view: value === 'steps' ? value : undefined })}
      />
    </>
  );
}
