import type { CheckpointInfo } from '@langevin/contracts/api';
import { formatCount } from '../format/numbers.js';
import { Field, controlClass } from '../ui/field.js';

/** Properties of the choice. */
export interface CheckpointSelectProps {
  /** Newest first. */
  readonly checkpoints: readonly CheckpointInfo[];
  /** Digest; empty for the newest that verifies. */
  readonly value: string;
  readonly onChange: (digest: string) => void;
}

/** Chooses the checkpoint that something begins from. */
export function CheckpointSelect({ checkpoints, value, onChange }: CheckpointSelectProps) {
  return (
    <Field label="From checkpoint" hint="Unless you choose one: the newest that is undamaged.">
      {(control) => (
        <select {...control} className={controlClass} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">newest</option>
          {checkpoints.map(({ digest, step }) => (
            <option key={digest} value={digest}>
              step {formatCount(step)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
