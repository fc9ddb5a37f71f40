/** What `find` finds in a list, found once for each: lists in a state never change. */
export function foundOnce<Entry, Found>(find: (list: readonly Entry[]) => Found): (list: readonly Entry[]) => Found {
  const known = new WeakMap<readonly Entry[], { readonly found: Found }>();
  return (list) => {
    let entry = known.get(list);
    if (!entry) {
      entry = { found: find(list) };
      known.set(list, entry);
    }
    return entry.found;
  };
}

const indexes = new WeakMap<readonly unknown[], ReadonlyMap<string, number>>();

/**
 * The place of the entry with this id; −1 when there is none. The index of a list is made once: lists in a state never
 * change, so a step of a thousand trainers costs a thousand look-ups, not a million comparisons.
 */
export function placeOf<Entry>(list: readonly Entry[], idOf: (entry: Entry) => string, id: string): number {
  let index = indexes.get(list);
  if (!index) {
    index = new Map(list.map((entry, place) => [idOf(entry), place]));
    indexes.set(list, index);
  }
  return index.get(id) ?? -1;
}
