import { LangevinError } from '@langevin/contracts';

/**
 * The label of each of `count` images: those asked for, in turn. `text` is a label ("7"), several ("0,1,2") or "all".
 * @throws LangevinError `invalid_argument` for anything else
 */
export function labelList(text: string, count: number | undefined, classes: number): number[] {
  const asked = text === 'all' ? Array.from({ length: classes }, (_, label) => label) : text.split(',').map(Number);
  if (asked.some((label) => !Number.isInteger(label) || label < 0 || label >= classes)) {
    throw new LangevinError('invalid_argument', `--label ${text}: give labels from 0 to ${classes - 1}, as 7 or 0,1,2, or "all"`);
  }
  return Array.from({ length: count ?? Math.max(asked.length, 16) }, (_, index) => asked[index % asked.length] ?? 0);
}
