import { useTheme } from '../theme/use-theme.js';
import { readPalette } from './palette.js';
import type { Palette } from './palette.js';

const palettes = new Map<string, Palette>();

/** The colours of the theme that is on; the same object for the same theme. */
export function usePalette(): Palette {
  const { shown } = useTheme();
  // The theme is on the document before anyone hears of it: what is read here are its colours.
  const palette = palettes.get(shown) ?? readPalette();
  palettes.set(shown, palette);
  return palette;
}
