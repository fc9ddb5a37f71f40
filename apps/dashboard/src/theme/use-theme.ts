import { useSyncExternalStore } from 'react';
import { ThemeStore } from './theme-store.js';
import type { ThemeState } from './theme-store.js';

/** The theme of this page. */
export const theme = new ThemeStore({
  storage: localStorage,
  device: matchMedia('(prefers-color-scheme: dark)'),
  show: (shown) => document.documentElement.setAttribute('data-theme', shown),
});

/** The theme that is on and the one that was chosen. */
export function useTheme(): ThemeState {
  return useSyncExternalStore(theme.subscribe, theme.get);
}
