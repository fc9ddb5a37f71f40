/** Colours of the page that a canvas needs as values. */
export interface Palette {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly ghost: string;
  readonly band: string;
  readonly good: string;
  readonly bad: string;
}

/** Reads the colours of the theme that is on. */
export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    quiet: read('--ink-3'),
    line: read('--line'),
    surface: read('--surface'),
    accent: read('--accent'),
    ghost: read('--ghost'),
    band: read('--band'),
    good: read('--ok'),
    bad: read('--bad'),
  };
}

/** Colour number `index` of several curves on one chart, told apart by hue and by lightness. */
export function seriesColour(index: number, dark: boolean): string {
  const hue = (265 + index * 137.508) % 360;
  const lightness = (dark ? 0.74 : 0.5) + ((index % 3) - 1) * 0.05;
  return `oklch(${lightness.toFixed(2)} ${dark ? '0.13' : '0.16'} ${hue.toFixed(1)})`;
}
