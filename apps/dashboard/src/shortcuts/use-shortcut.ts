import { useEffect, useRef } from 'react';
import { ShortcutBook } from './shortcut-book.js';

/** The shortcuts of this page. */
export const shortcuts = new ShortcutBook();

/** Gives a key a meaning while the component is there. */
export function useShortcut(key: string, does: string, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => shortcuts.add({ key, does, run: () => latest.current() }), [key, does]);
}
