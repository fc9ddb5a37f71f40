import type { ReactNode } from 'react';
import { useId } from 'react';
import { classNames } from './class-names.js';

/** Properties of a panel. */
export interface PanelProps {
  readonly title: string;
  /** Stands behind the title; beneath it where there is little room. */
  readonly note?: ReactNode;
  /** Stands at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Whether the content fills the panel to its edges. @default false */
  readonly flush?: boolean;
}

/** A titled part of a page. */
export function Panel({ title, note, actions, children, flush = false }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {note !== undefined && <div className="order-last w-full min-w-0 text-ink-3 sm:order-none sm:w-auto">{note}</div>}
        {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-1.5">{actions}</div>}
      </header>
      <div className={classNames(!flush && 'p-3')}>{children}</div>
    </section>
  );
}
