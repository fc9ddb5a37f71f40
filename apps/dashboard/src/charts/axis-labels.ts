import { formatValue } from '../format/numbers.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Labels of a step axis: `500`, `12.5K`. */
export function stepLabels(splits: readonly number[]): string[] {
  return splits.map((value) => compact.format(value));
}

/** Labels of a value axis: as many digits as tell neighbours apart. */
export function valueLabels(splits: readonly (number | null)[]): string[] {
  return splits.map((value) => (value === null ? '' : trimZeros(formatValue(value))));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+(?=$|e)/, '') : text;
}
