/** A page of a list; the cursor is the place of its first item. */
export function page<Item>(items: readonly Item[], { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number }): { items: Item[]; nextCursor?: string } {
  const start = cursor === undefined ? 0 : Number(cursor);
  const shown = items.slice(start, start + limit);
  return start + limit < items.length ? { items: shown, nextCursor: String(start + limit) } : { items: shown };
}
