import { publishCheckpoint } from '../checkpoint-publisher.js';
import { readDocument } from '../documents.js';
import { checkpointKey } from '../layout.js';
import { promoteModel } from '../models/move-alias.js';
import { registerModel } from '../models/register-model.js';
import type { ObjectStore } from '../object-store.js';
import { checkpointContents, checkpointFacts } from './checkpoint-fixture.js';
import { changesBy, publishSteps } from './model-fixture.js';

/** What a publisher is killed at. */
export const publications = ['checkpoint', 'version', 'alias'] as const;

/** One of `publications`. */
export type Publication = (typeof publications)[number];

/** The run and the model of one round; every round has its own, so that equal rounds make equal operations. */
export const roundName = (round: number): string => `round-${round}`;

/** What a round needs before its publication. */
export async function prepare(store: ObjectStore, publication: Publication, round: number): Promise<void> {
  if (publication === 'checkpoint') return;
  const digests = await publishSteps(store, roundName(round), 10, 20);
  for (const checkpoint of publication === 'version' ? digests.slice(0, 1) : digests) await registerModel(store, { model: roundName(round), checkpoint }, changesBy('ann'));
  if (publication === 'alias') await promoteModel(store, { model: roundName(round), alias: 'production', version: 1 }, changesBy('ann'));
}

/** Publishes what a round is about. Doing it again must end in the same state. */
export async function publish(store: ObjectStore, publication: Publication, round: number, actor: string): Promise<void> {
  const name = roundName(round);
  switch (publication) {
    case 'checkpoint':
      await publishCheckpoint(store, checkpointFacts(name, 20), checkpointContents(20, 3000).map((file) => ({ ...file, content: Buffer.concat([file.content, Buffer.from(name)]) })));
      return;
    case 'version': {
      const { ref } = await readDocument(store, checkpointKey(name, 20));
      await registerModel(store, { model: name, checkpoint: ref.digest }, changesBy(actor));
      return;
    }
    case 'alias':
      await promoteModel(store, { model: name, alias: 'production', version: 2 }, changesBy(actor));
  }
}
