import { LangevinError, type ArchiveHeader } from '@langevin/contracts';
import { BitsBack, evenGrid, type Denoiser } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import { levelWeights } from './level-costs.js';

/** What both ways need of the header. */
export type CodeFacts = Pick<ArchiveHeader, 'chain' | 'levelCosts'>;

/** The code of an archive's images under a model. */
export function imageCode(denoise: Denoiser, { process }: DiffusionModel, { chain, levelCosts }: CodeFacts): BitsBack {
  return new BitsBack(denoise, process, { grid: evenGrid(chain.first, chain.last, chain.steps), prior: levelWeights(Buffer.from(levelCosts, 'base64')) });
}

/** How far coding has come. */
export interface ArchiveProgress {
  readonly images: number;
  readonly totalImages: number;
}

/** How long work may take is up to the caller. */
export interface ArchiveWork {
  /** @default it cannot be stopped */
  readonly signal?: AbortSignal;
  /** Called after every batch. @default nobody is told */
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

/** Lets other work have its turn, and ends this one where it was asked to. @throws LangevinError `cancelled` */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
  if (signal?.aborted) throw new LangevinError('cancelled', 'coding was stopped before it was done');
}
