import type { ComponentProps } from 'react';
import { classNames } from './class-names.js';

/** Properties of an icon button. */
export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does: its name, and its tip. */
  readonly label: string;
  /** Its key on the keyboard, shown in the tip. */
  readonly shortcut?: string;
}

/** A button that shows an icon only, 28 px square. */
export function IconButton({ label, shortcut, className, ...rest }: IconButtonProps) {
  return <button type="button" aria-label={label} aria-keyshortcuts={shortcut} data-tip={label} data-tip-key={shortcut} className={classNames(iconButtonClass, className)} {...rest} />;
}

/** The classes of an icon button. */
const iconButtonClass =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-raised hover:text-ink disabled:opacity-40';
