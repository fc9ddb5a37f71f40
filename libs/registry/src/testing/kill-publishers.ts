import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listCheckpoints, readCheckpoint, readManifest } from '../checkpoint-reader.js';
import { checkpointKey } from '../layout.js';
import { readDocument } from '../documents.js';
import { readAlias, readAuditTrail } from '../models/model-aliases.js';
import { listModelVersions, versionAt } from '../models/model-versions.js';
import type { ObjectStore } from '../object-store.js';
import { openStore } from '../store-location.js';
import { DeadlyStore, type Death, type StoreOperation } from './deadly-store.js';
import { prepare, publications, publish, roundName, type Publication } from './publishing.js';

const run = promisify(execFile);
const hook = join(__dirname, 'typescript-hook.cjs');
const script = join(__dirname, 'publish-once.cjs');

/** A step of a publication at which its publisher was killed, and how often it had become visible by then. */
export interface KillReport extends Death {
  readonly publication: Publication;
  readonly kills: number;
  /** Of these kills the publication was committed; of the others nothing of it could be seen. */
  readonly committed: number;
}

/**
 * Kills publishers of checkpoints, versions and alias moves with SIGKILL: in the middle of each write of the protocol, and after each
 * before its answer is heard. After each kill the store is opened anew and looked at: what was committed is whole, what was not
 * cannot be seen, and the same publication, made once more, ends as if nobody had been killed.
 *
 * @param location of an empty store
 * @throws AssertionError naming publication, operation, moment and round
 */
export async function* killPublishers(location: string, killsPerStep: number): AsyncGenerator<KillReport> {
  let round = 0;
  for (const publication of publications) {
    const store = await openStore(location);
    await prepare(store, publication, round);
    const watched = new DeadlyStore(store);
    await publish(watched, publication, round++, 'first');
    for (const death of deaths(watched.operations)) {
      let committed = 0;
      for (let kill = 0; kill < killsPerStep; kill++, round++) {
        await prepare(store, publication, round);
        await killOne(location, publication, round, death);
        const where = `${publication} killed ${death.moment} operation ${death.operation}, round ${round}`;
        const survivor = await openStore(location);
        if (await isCommitted(survivor, publication, round, where)) committed++;
        await publish(survivor, publication, round, 'second');
        assert.equal(await isCommitted(survivor, publication, round, where), true, `${where}: it cannot be repeated`);
      }
      yield { publication, ...death, kills: killsPerStep, committed };
    }
  }
}

function deaths(operations: readonly StoreOperation[]): Death[] {
  const puts = operations.flatMap((operation, index) => (operation === 'put' ? [index] : []));
  return puts.flatMap((operation) => (['during', 'after'] as const).map((moment) => ({ operation, moment })));
}

async function killOne(location: string, publication: Publication, round: number, { operation, moment }: Death): Promise<void> {
  const args = [location, publication, String(round), String(operation), moment];
  const end = await run(process.execPath, ['--conditions=@langevin/source', '-r', hook, script, ...args]).then(
    () => 'it lived',
    (error: { signal?: string; stderr?: string }) => error.signal ?? error.stderr,
  );
  assert.equal(end, 'SIGKILL', `${publication} ${moment} ${operation}`);
}

/** Whether the publication of a round can be seen; if it can, it must be whole. */
async function isCommitted(store: ObjectStore, publication: Publication, round: number, where: string): Promise<boolean> {
  const name = roundName(round);
  const steps = await listCheckpoints(store, name);
  for (const step of steps) await readCheckpoint(store, name, step);
  if (publication === 'checkpoint') return steps.includes(20);
  const versions = await listModelVersions(store, name);
  assert.deepEqual(versions, versions.map((_, index) => index + 1), `${where}: the versions are ${versions.join(', ')}`);
  for (const version of versions) {
    const { checkpoint, run: source, step } = await versionAt(store, name, version);
    await readManifest(store, checkpoint);
    assert.equal((await readDocument(store, checkpointKey(source, step))).ref.digest, checkpoint, `${where}: version ${version} is of no committed checkpoint`);
  }
  if (publication === 'version') return versions.includes(2);
  const trail = await readAuditTrail(store, name);
  const alias = await readAlias(store, name, 'production');
  assert.equal(trail.at(-1)?.to, alias, where);
  assert.equal(trail.length, alias, `${where}: ${trail.length} moves`);
  return alias === 2;
}
