import type { ComponentProps } from 'react';
import { classNames } from './class-names.js';

const looks = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-surface text-ink border-line hover:bg-raised',
  bare: 'bg-transparent text-ink-2 border-transparent hover:bg-raised hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-raised',
} as const;

/** Properties of a button. */
export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one thing to do here. `danger`: ends or replaces something. @default 'plain' */
  readonly look?: keyof typeof looks;
}

/** A button of 28 px. */
export function Button({ look = 'plain', className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={classNames(buttonClass(look), className)} {...rest} />;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: keyof typeof looks = 'plain'): string {
  return classNames(
    'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5 font-medium whitespace-nowrap transition-colors disabled:opacity-50',
    looks[look],
  );
}
