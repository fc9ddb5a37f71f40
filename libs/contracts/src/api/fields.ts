import { z } from 'zod';

/** Name of a run, a model, an alias or a dataset. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be 1–64 of a–z, 0–9, ".", "_", "-", starting with a letter or digit');

/** Committed optimizer steps: the keys of a store hold twelve digits. */
export const step = z.int().min(0).max(999_999_999_999);

/** A time, ISO 8601 in UTC. */
export const time = z.iso.datetime();

/**
 * A whole number in a query or a path, where everything is text: digits only, no sign, no blanks.
 * @param least, most both are allowed
 */
export function digits(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,13}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .meta({ type: 'integer', minimum: least, maximum: most });
}
