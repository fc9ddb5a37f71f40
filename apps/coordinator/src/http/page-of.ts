import { LangevinError } from '@langevin/contracts';
import type { Page } from '@langevin/contracts/api';
import type { DamageFilter } from './damage-filter.js';

/** Which page of a list is wanted. */
export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * A page of a list that is in its order. The cursor names the last item that was given: items that came before it meanwhile are
 * not given twice, and none is left out; when it has gone its place counts.
 * @throws LangevinError `invalid_argument` for a cursor that none of the pages had
 */
export function pageOf<Item>(all: readonly Item[], keyOf: (item: Item) => string, { cursor, limit }: PageQuery): { items: Item[]; nextCursor?: string } {
  const start = cursor === undefined ? 0 : placeAfter(all, keyOf, cursor);
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  if (last === undefined || start + limit >= all.length) return { items };
  return { items, nextCursor: encode(start + limit, keyOf(last)) };
}

/** Pages whose items are expensive are cut first, and made then; what is damaged is left out, and the page is shorter. */
export async function mapPage<From, To>(damage: DamageFilter, page: Page<From>, make: (item: From) => Promise<To>): Promise<{ items: To[]; nextCursor?: string }> {
  const items = await damage.wholeOf(page.items, make);
  return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor };
}

function placeAfter<Item>(all: readonly Item[], keyOf: (item: Item) => string, cursor: string): number {
  const [place, key] = decode(cursor);
  const found = all.findIndex((item) => keyOf(item) === key);
  return found < 0 ? Math.min(place, all.length) : found + 1;
}

function encode(place: number, key: string): string {
  return Buffer.from(`${place}:${key}`).toString('base64url');
}

function decode(cursor: string): [number, string] {
  const [, place, key] = /^(\d{1,15}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (place === undefined || key === undefined) throw new LangevinError('invalid_argument', 'query: cursor: is none that a page had; begin without one');
  return [Number(place), key];
}
