/** Some of a job's members, by their place in its list: plain JSON, and a small copy for each that is added. */
export interface MemberSet {
  readonly count: number;
  /** Bit p % 32 of word ⌊p / 32⌋ says whether the member at place p is in. */
  readonly words: readonly number[];
}

/** Nobody. */
export const nobody: MemberSet = { count: 0, words: [] };

/** Whether the member at this place is in. */
export function isIn(set: MemberSet, place: number): boolean {
  return (((set.words[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

/** The set with the member at this place, who was not in. */
export function withPlace(set: MemberSet, place: number): MemberSet {
  const words = Array.from({ length: Math.max(set.words.length, (place >>> 5) + 1) }, (_, index) => set.words[index] ?? 0);
  words[place >>> 5] = (words[place >>> 5] ?? 0) | (1 << (place & 31));
  return { count: set.count + 1, words };
}
