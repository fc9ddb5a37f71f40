import { useState } from 'react';
import { Field, controlClass } from './field.js';

/** Properties of a number field. */
export interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Distance of neighbouring values. @default 1 */
  readonly step?: number;
  readonly disabled?: boolean;
  /** Called with numbers in range only. */
  readonly onChange: (value: number) => void;
}

/** A number of a form; while what is typed is no number in range, it says so and keeps the last one that was. */
export function NumberField({ label, hint, value, min, max, step = 1, disabled = false, onChange }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  const typed = text.trim() === '' ? Number.NaN : Number(text);
  const isRight = typed >= min && typed <= max && (step < 1 || Number.isInteger(typed));
  return (
    <Field label={label} hint={hint} error={isRight ? undefined : `${step < 1 ? 'a number' : 'a whole number'} from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ' on'}`}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          disabled={disabled}
          className={controlClass}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const next = event.target.value.trim() === '' ? Number.NaN : Number(event.target.value);
            if (next >= min && next <= max && (step < 1 || Number.isInteger(next))) onChange(next);
          }}
        />
      )}
    </Field>
  );
}
