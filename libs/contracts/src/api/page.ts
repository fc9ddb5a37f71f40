import { z } from 'zod';
import { digits } from './fields.js';
import { maxPageSize } from './routes.js';

/** Which page: what every list takes. */
export const pageQuery = {
  /** `nextCursor` of the page before; left out: the first page. */
  cursor: z.string().min(1).max(512).optional(),
  /** How many items at most. @default 100 */
  limit: digits(1, maxPageSize).default(100),
};

/** A page of a list: follow `nextCursor` until it is absent. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

/** A page of a list: follow `nextCursor` until it is absent. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}
