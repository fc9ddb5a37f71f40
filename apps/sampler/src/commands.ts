import { parseWith, samplerNames } from '@langevin/contracts';
import { z } from 'zod';

const modelSchema = z.object({ run: z.string(), step: z.int() });

const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('draw'),
    id: z.string(),
    denoiser: modelSchema,
    classifier: modelSchema.optional(),
    classifierScale: z.number().optional(),
    /** The class of each image; null: `count` images of no class. */
    labels: z.array(z.int()).nullable(),
    count: z.int(),
    /** Whether the noise of an image follows from its column alone. */
    sharedNoise: z.boolean(),
    columns: z.int(),
    /** Pixels between and around the images. */
    gap: z.int(),
    guidanceScale: z.number().optional(),
    sampler: z.enum(samplerNames),
    steps: z.int(),
    seed: z.int(),
  }),
  z.object({ kind: z.literal('cancel'), id: z.string() }),
]);

/** What a sampler is told to do. */
export type SamplerCommand = z.infer<typeof commandSchema>;
/** What it is told to draw. */
export type DrawCommand = Extract<SamplerCommand, { kind: 'draw' }>;

/** @throws LangevinError `invalid_argument` for what is no command */
export function parseCommand(message: unknown): SamplerCommand {
  return parseWith(commandSchema, message, 'invalid_argument', 'command');
}
