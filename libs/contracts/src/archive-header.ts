import { z } from 'zod';
import { sha256 } from './manifests.js';
import { parseWith } from './parse-with.js';

/** Schema of `ArchiveHeader`. */
export const archiveHeaderSchema = z.strictObject({
  /** What codes: its weights are needed to the bit. */
  model: z.strictObject({ run: z.string(), step: z.int().min(0), weights: z.enum(['ema', 'weights']), checkpoint: sha256 }),
  /** What the model's numbers depend on besides. */
  numericsClass: z.record(z.string(), z.string()),
  images: z.int().min(1),
  /** Height, width, channels. */
  imageShape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  /** Names of the images, where they have some. */
  names: z.array(z.string()).optional(),
  /** The chain: evenly from one time to another in so many steps. */
  chain: z.strictObject({ first: z.int(), last: z.int(), steps: z.int().min(1) }),
  /** How many images were coded at once: at most, and how many are coded before two at once are. */
  batches: z.strictObject({ largest: z.int().min(1), growth: z.int().min(1) }),
  seed: z.int().min(0),
  seedBits: z.int().min(0),
  /** π of the decoder: 256 bytes, −8·log₂ π, base64. */
  levelCosts: z.base64(),
  /** sha256 of all pixels in order, and of the code. */
  pixels: sha256,
  code: sha256,
});
/** What an archive of images says of itself. */
export type ArchiveHeader = z.infer<typeof archiveHeaderSchema>;

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseArchiveHeader(input: unknown): ArchiveHeader {
  return parseWith(archiveHeaderSchema, input, 'object_corrupt', 'header of an archive');
}
