import { LangevinError, parseDatasetManifest, type DatasetManifest } from '@langevin/contracts';
import { createDocument, datasetKey, datasetsPrefix, putBlob, readDocument, type ObjectStore } from '@langevin/registry';
import type { DatasetSource, LabelledImages } from './dataset-source.js';
import { encodeShard } from './shard.js';
import { findSource, knownDatasets } from './sources.js';

const samplesPerShard = 1000;

/** A dataset in a store: the digest of its manifest names its content. */
export interface StoredDataset {
  readonly digest: string;
  /** Bytes of the manifest in canonical JSON. */
  readonly size: number;
  readonly manifest: DatasetManifest;
}

/** How far an import has come, in samples. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
}

/** What an import may be given. */
export interface ImportOptions {
  /** Told after each shard. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/**
 * Puts a dataset into a store: its shards as blobs, then the manifest, which is created last and once. Importing it
 * again gives the same digest and repairs whatever is damaged.
 *
 * @throws LangevinError `invalid_argument` for a dataset that nobody knows; `object_exists` if the store holds another
 * one of that name; `storage_full`, `storage_failed`
 */
export async function importDataset(store: ObjectStore, name: string, options: ImportOptions = {}): Promise<StoredDataset> {
  return importSource(store, findSource(name), options);
}

/** As `importDataset`, from a source of one's own. */
export async function importSource(store: ObjectStore, source: DatasetSource, options: ImportOptions = {}): Promise<StoredDataset> {
  const { train, test } = await source.load();
  const total = train.labels.length + test.labels.length;
  let done = 0;
  const report = (samples: number): void => options.onProgress?.({ done: (done += samples), total });
  const manifest = parseDatasetManifest({
    schemaVersion: 1,
    kind: 'dataset',
    name: source.name,
    imageShape: source.imageShape,
    classes: source.classes,
    splits: { train: await putSplit(store, source, train, report), test: await putSplit(store, source, test, report) },
    source: source.source,
    license: source.license,
  });
  const { status, ref } = await createDocument(store, datasetKey(source.name), manifest);
  if (status !== 'taken') return { ...ref, manifest };
  throw new LangevinError('object_exists', `${store.location} holds another dataset "${source.name}" (sha256 ${ref.digest}); use another store`);
}

/** Names of the datasets in a store, in order. */
export async function listDatasets(store: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list(datasetsPrefix)) names.push(key.slice(datasetsPrefix.length).replace(/\.json$/, ''));
  return names;
}

/**
 * Finds a dataset in a store.
 * @throws LangevinError `dataset_missing`, with the command that imports it or the names that there are;
 * `object_corrupt` naming what is damaged
 */
export async function readDataset(store: ObjectStore, name: string): Promise<StoredDataset> {
  const key = datasetKey(name);
  if ((await store.head(key)) === undefined) throw await missing(store, name);
  const { ref, value } = await readDocument(store, key);
  return { ...ref, manifest: parseDatasetManifest(value) };
}

async function missing(store: ObjectStore, name: string): Promise<LangevinError> {
  if (knownDatasets.includes(name)) {
    return new LangevinError('dataset_missing', `dataset "${name}" is not in ${store.location}: run \`langevin dataset import ${name}\``);
  }
  const names = [...new Set([...(await listDatasets(store)), ...knownDatasets])].sort();
  return new LangevinError('dataset_missing', `there is no dataset "${name}"; there is ${names.join(', ')}`);
}

async function putSplit(
  store: ObjectStore,
  source: DatasetSource,
  { images, labels }: LabelledImages,
  report: (samples: number) => void,
): Promise<DatasetManifest['splits']['train']> {
  const imageBytes = images.length / labels.length;
  const shards = [];
  for (let first = 0; first < labels.length; first += samplesPerShard) {
    const end = Math.min(first + samplesPerShard, labels.length);
    const part = { images: images.subarray(first * imageBytes, end * imageBytes), labels: labels.subarray(first, end) };
    shards.push({ ...(await putBlob(store, encodeShard(part, source.imageShape))), first, samples: end - first });
    report(end - first);
  }
  return { samples: labels.length, shards };
}
