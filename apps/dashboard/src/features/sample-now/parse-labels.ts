/** What was read: the labels in order, or what is wrong. */
export type ParsedLabels = { readonly labels: readonly number[] } | { readonly problem: string };

/**
 * Reads labels as people write them: `7`, `3, 5, 5`, `0-9`.
 * @param each how many images of each label
 * @param most how many images there may be in all
 */
export function parseLabels(text: string, each: number, most: number): ParsedLabels {
  const labels: number[] = [];
  for (const part of text.split(/[\s,]+/).filter((word) => word !== '')) {
    const [, first, last] = /^(\d{1,5})(?:[-–](\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined) return { problem: `"${part}" is no label: write 7, or 0-9` };
    const from = Number(first);
    const to = Number(last ?? first);
    if (to < from) return { problem: `"${part}" runs backwards` };
    if ((to - from + 1) * each + labels.length > most) return { problem: `more than ${most} images` };
    for (let label = from; label <= to; label++) labels.push(...new Array<number>(each).fill(label));
  }
  return labels.length > 0 ? { labels } : { problem: 'at least one label is needed' };
}
