import { z } from 'zod';

/** What an answer that is no success holds: RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .object({
    /** Always `about:blank`: `code` tells the kinds apart. */
    type: z.literal('about:blank'),
    /** What the status means. */
    title: z.string(),
    status: z.int().min(400).max(599),
    /** What was wrong, where, and what to do: one line for people. */
    detail: z.string(),
    /** A code of `LangevinError`: stable, for programs. */
    code: z.string(),
  })
  .meta({ id: 'Problem' });

/** What an answer that is no success holds. */
export type Problem = z.infer<typeof problemSchema>;
