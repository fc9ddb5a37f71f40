import * as Tooltip from '@radix-ui/react-tooltip';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.js';

/** Properties of an icon button. */
export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does: its name, and its tooltip. */
  readonly label: string;
  /** Its key on the keyboard, shown in the tooltip. */
  readonly shortcut?: string;
}

/** A button that shows an icon only, 28 px square. */
export function IconButton({ label, shortcut, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          aria-keyshortcuts={shortcut}
          className={classNames(
            'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-raised hover:text-ink disabled:opacity-40',
            className,
          )}
          {...rest}
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content sideOffset={6} className="z-50 flex items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-bg shadow-lg">
          {label}
          {shortcut !== undefined && <kbd className="font-mono opacity-70">{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
