import { LangevinError } from '@langevin/contracts';
import type { CheckpointInfo } from '@langevin/contracts/api';
import type { FileAnswer } from '@langevin/http-api';
import { blobKey, listModels, readManifest, type ObjectStore, type PublishedCheckpoint } from '@langevin/registry';
import type { HttpContext } from './http-context.js';
import { wholeAliases, wholeVersions } from './model-queries.js';

type Versions = ReadonlyMap<string, CheckpointInfo['versions']>;

/** Which versions of which models each checkpoint is, by its digest, without versions and aliases that are damaged. @throws LangevinError when the store cannot be read */
export async function versionsByCheckpoint(context: HttpContext): Promise<Versions> {
  const byCheckpoint = new Map<string, CheckpointInfo['versions']>();
  for (const model of await listModels(context.coordinator.store)) {
    const aliases = await wholeAliases(context, model);
    for (const { version, checkpoint } of await wholeVersions(context, model)) {
      const of = [...aliases].filter(([, to]) => to === version).map(([alias]) => alias);
      byCheckpoint.set(checkpoint, [...(byCheckpoint.get(checkpoint) ?? []), { model, version, aliases: of }]);
    }
  }
  return byCheckpoint;
}

/** A checkpoint as the API shows it. */
export function checkpointInfo({ digest, manifest }: PublishedCheckpoint, versions: Versions): CheckpointInfo {
  const { run, step, loss, samplesSeen, files, guidanceRole, scheduleDigest, metrics } = manifest;
  return {
    digest,
    run,
    step,
    loss,
    samplesSeen,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    guidanceRole,
    scheduleDigest,
    ...(Object.keys(metrics).length > 0 && { metrics }),
    files: files.map(({ path, role, digest: of, size }) => ({ path, role, digest: of, size })),
    versions: versions.get(digest) ?? [],
  };
}

/**
 * The committed checkpoint of a digest. A manifest that no key commits is none.
 * @throws LangevinError `checkpoint_missing`, `object_corrupt`
 */
export async function checkpointByDigest({ coordinator, catalog }: HttpContext, digest: string): Promise<PublishedCheckpoint> {
  const missing = (cause?: unknown) => new LangevinError('checkpoint_missing', `there is no checkpoint ${digest}`, { cause });
  const manifest = await readManifest(coordinator.store, digest).catch((thrown: unknown) => {
    // The digest of a blob that is no manifest is the name of no checkpoint.
    throw thrown instanceof LangevinError && thrown.code === 'object_corrupt' ? missing(thrown) : thrown;
  });
  const committed = await catalog.checkpoint(manifest.run, manifest.step);
  if (committed.digest !== digest) throw missing();
  return committed;
}

/**
 * One file of a checkpoint, as a download. The path is compared with those of the manifest, and opens nothing.
 * @throws LangevinError `object_missing`, `checkpoint_corrupt`
 */
export async function checkpointFile(store: ObjectStore, { manifest }: PublishedCheckpoint, path: string): Promise<FileAnswer> {
  const { run, step, files } = manifest;
  const file = files.find((each) => each.path === path);
  if (!file) throw new LangevinError('object_missing', `checkpoint ${step} of run "${run}" has no file ${JSON.stringify(path)}; it has ${files.map((each) => each.path).join(', ')}`);
  const key = blobKey(file.digest);
  const found = (await store.head(key))?.size;
  if (found !== file.size) throw new LangevinError('checkpoint_corrupt', `checkpoint ${step} of run "${run}": ${path} has ${found ?? 'no'} bytes instead of ${file.size}`);
  return { body: store.stream(key), size: file.size, downloadAs: `${run}-${step}-${path}`, isImmutable: true };
}
