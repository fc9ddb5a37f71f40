const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A whole number with groups: `12,000`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** A measured value with four significant digits; very small and very large ones with an exponent. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return whole.format(value);
  return value.toPrecision(4);
}

/** Bytes in powers of 1000, three significant digits: `2.52 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${units[power]}`;
}

/** The first digits of a sha256, enough to tell two apart. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
