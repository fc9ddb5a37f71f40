import { useId } from 'react';
import { Field, controlClass } from './field.js';

/** Properties of a text field. */
export interface TextFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** @default false */
  readonly required?: boolean;
  /** More than one line. @default 1 */
  readonly rows?: number;
  /** Known values to choose from; others can be typed too. */
  readonly known?: readonly string[];
  readonly onChange: (value: string) => void;
}

/** A text of a form. */
export function TextField({ label, hint, value, required = false, rows = 1, known = [], onChange }: TextFieldProps) {
  const list = useId();
  return (
    <Field label={label} hint={hint}>
      {(control) =>
        rows > 1 ? (
          <textarea {...control} rows={rows} required={required} className={`${controlClass} !h-auto py-1.5`} value={value} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <>
            <input {...control} required={required} {...(known.length > 0 && { list })} className={controlClass} value={value} onChange={(event) => onChange(event.target.value)} />
            <datalist id={list}>
              {known.map((option) => (
                <option key={option} value={option} />
              ))}
            </datalist>
          </>
        )
      }
    </Field>
  );
}
