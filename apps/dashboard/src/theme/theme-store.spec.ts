import { ThemeStore } from './theme-store.js';

function deviceThatPrefers(dark: boolean) {
  const device = new EventTarget();
  return Object.assign(device, { matches: dark });
}

function storageWith(kept: string | null) {
  const values = new Map<string, string>(kept === null ? [] : [['langevin-theme', kept]]);
  return { getItem: (key: string) => values.get(key) ?? null, setItem: (key: string, value: string) => void values.set(key, value), values };
}

describe('ThemeStore', () => {
  it('follows the device until a theme is chosen, and tells after it is shown', () => {
    const device = deviceThatPrefers(true);
    const shown: string[] = [];
    const store = new ThemeStore({ storage: storageWith(null), device, show: (theme) => shown.push(theme) });
    const heard: string[] = [];
    store.subscribe(() => heard.push(`${store.get().shown} after ${shown.at(-1)}`));
    device.matches = false;
    device.dispatchEvent(new Event('change'));
    store.choose('dark');
    device.dispatchEvent(new Event('change'));
    expect(shown).toEqual(['dark', 'light', 'dark', 'dark']);
    expect(heard).toEqual(['light after light', 'dark after dark', 'dark after dark']);
  });

  it('keeps the choice', () => {
    const storage = storageWith('dark');
    const store = new ThemeStore({ storage, device: deviceThatPrefers(false), show: () => undefined });
    expect(store.get()).toEqual({ choice: 'dark', shown: 'dark' });
    store.choose('light');
    expect(storage.values.get('langevin-theme')).toBe('light');
  });

  it('takes a kept value that it does not know for no choice', () => {
    expect(new ThemeStore({ storage: storageWith('sepia'), device: deviceThatPrefers(false), show: () => undefined }).get().choice).toBe('system');
  });
});
