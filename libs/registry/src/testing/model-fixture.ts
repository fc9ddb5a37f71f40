import { publishCheckpoint } from '../checkpoint-publisher.js';
import type { ChangeContext } from '../models/change-context.js';
import { registerModel } from '../models/register-model.js';
import type { ObjectStore } from '../object-store.js';
import { checkpointContents, checkpointFacts } from './checkpoint-fixture.js';

/** Changes by `actor`, a minute apart from 2026-01-01 on, with ids that count. */
export function changesBy(actor: string): ChangeContext {
  let changes = 0;
  return {
    actor,
    now: () => Date.UTC(2026, 0, 1, 0, changes++),
    newId: () => `${actor}-${changes}`,
  };
}

/** Publishes a checkpoint of run `run` at each step, and gives the digests. */
export async function publishSteps(store: ObjectStore, run: string, ...steps: readonly number[]): Promise<string[]> {
  const digests: string[] = [];
  for (const step of steps) digests.push((await publishCheckpoint(store, checkpointFacts(run, step), checkpointContents(step, 300))).digest);
  return digests;
}

/** A model whose versions 1, 2 … are new checkpoints of the run of the same name. */
export async function modelWithVersions(store: ObjectStore, model: string, versions: number, context = changesBy('ann')): Promise<string[]> {
  const digests = await publishSteps(store, model, ...Array.from({ length: versions }, (_, i) => (i + 1) * 10));
  for (const checkpoint of digests) await registerModel(store, { model, checkpoint }, context);
  return digests;
}
