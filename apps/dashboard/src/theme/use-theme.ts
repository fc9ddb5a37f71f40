import { useSyncExternalStore } from 'react';
import { theme } from './page-theme.js';
import type { ThemeState } from './theme-store.js';

/** The theme that is on and the one that was chosen. */
export function useTheme(): ThemeState {
  return useSyncExternalStore(theme.subscribe, theme.get);
}
