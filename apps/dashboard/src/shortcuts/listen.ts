import type { ShortcutBook } from './shortcut-book.js';

const storageKey = 'langevin-single-keys';

/** Whether single keys do something; the reader may switch them off. */
export const singleKeys = {
  get: () => localStorage.getItem(storageKey) !== 'off',
  set: (on: boolean) => localStorage.setItem(storageKey, on ? 'on' : 'off'),
};

/** Runs shortcuts on key presses, except where the reader is typing or a dialog is open. Answers what ends it. */
export function listenForShortcuts(book: ShortcutBook): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const entry = book.find(event, singleKeys.get() && !isTyping(event.target));
    if (!entry) return;
    event.preventDefault();
    entry.run();
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'range' && target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLElement && target.isContentEditable);
}
