import type { ReactNode } from 'react';

/** Properties of a note. */
export interface StateNoteProps {
  readonly title: string;
  /** What to do about it. */
  readonly children?: ReactNode;
  /** Whether it is read aloud at once. @default false */
  readonly alarm?: boolean;
  readonly actions?: ReactNode;
  /** Whether it is all that the page has: its title is then the page's. @default false */
  readonly isPage?: boolean;
}

/** Stands where a panel has nothing to show, and says why. */
export function StateNote({ title, children, alarm = false, actions, isPage = false }: StateNoteProps) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div role={alarm ? 'alert' : undefined} className="mx-auto flex max-w-md flex-col items-center gap-1.5 px-4 py-10 text-center">
      <Title className="font-semibold">{title}</Title>
      {children !== undefined && <div className="text-ink-2">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex gap-2">{actions}</div>}
    </div>
  );
}
