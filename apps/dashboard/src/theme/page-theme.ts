import { ThemeStore } from './theme-store.js';

/** The theme of this page. It is on before anything is drawn. */
export const theme = new ThemeStore({
  storage: localStorage,
  device: matchMedia('(prefers-color-scheme: dark)'),
  show: (shown) => document.documentElement.setAttribute('data-theme', shown),
});
