import { useId } from 'react';
import type { ReactNode } from 'react';

/** What connects a control with its label, hint and error. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** Properties of a field. */
export interface FieldProps {
  readonly label: string;
  /** Unit, range or meaning; always shown. */
  readonly hint?: ReactNode;
  /** What is wrong with the value. */
  readonly error?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control of a form. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': note === undefined ? undefined : noteId, 'aria-invalid': error === undefined ? undefined : true })}
      {note !== undefined && (
        <p id={noteId} className={error === undefined ? 'text-xs text-ink-3' : 'text-xs text-bad'}>
          {note}
        </p>
      )}
    </div>
  );
}

/** The look of an input, a select, a text area. */
export const controlClass =
  'h-7 w-full min-w-0 rounded-md border border-control bg-surface px-2 text-ink placeholder:text-ink-3 aria-invalid:border-bad disabled:opacity-60';
