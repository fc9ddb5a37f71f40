import { ShortcutBook } from './shortcut-book.js';

const press = (key: string, more: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const nothing = () => undefined;

describe('ShortcutBook', () => {
  it('finds the newest entry of a key, and the older one when it has gone', () => {
    const book = new ShortcutBook();
    book.add({ key: 'j', does: 'next run', run: nothing });
    const remove = book.add({ key: 'j', does: 'next file', run: nothing });
    expect(book.find(press('j'), true)?.does).toBe('next file');
    remove();
    expect(book.find(press('j'), true)?.does).toBe('next run');
  });

  it('knows Ctrl and Command as one, and leaves Alt alone', () => {
    const book = new ShortcutBook();
    book.add({ key: 'mod+k', does: 'palette', run: nothing });
    expect(book.find(press('K', { ctrlKey: true }), true)?.does).toBe('palette');
    expect(book.find(press('k', { metaKey: true }), true)?.does).toBe('palette');
    expect(book.find(press('k', { ctrlKey: true, altKey: true }), true)).toBeUndefined();
    expect(book.find(press('k'), true)).toBeUndefined();
  });

  it('answers no single key when those are off', () => {
    const book = new ShortcutBook();
    book.add({ key: '?', does: 'help', run: nothing });
    book.add({ key: 'mod+k', does: 'palette', run: nothing });
    expect(book.find(press('?'), false)).toBeUndefined();
    expect(book.find(press('k', { ctrlKey: true }), false)?.does).toBe('palette');
  });
});
