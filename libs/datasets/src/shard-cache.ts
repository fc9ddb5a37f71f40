import { LangevinError, type BlobRef, type DatasetManifest } from '@langevin/contracts';
import { DirectoryStore, getBlob, putBlob, verifyBlob } from '@langevin/registry';
import type { LabelledImages } from './dataset-source.js';
import { decodeShard } from './shard.js';

type Shard = DatasetManifest['splits']['train']['shards'][number];

/** A batch in the form that networks take. */
export interface ImageBatch {
  /** Pixels in [−1, 1]: x/127.5 − 1, [sample, row, column, channel]. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** What a shard cache is made from. */
export interface ShardCacheOptions {
  readonly manifest: DatasetManifest;
  readonly split: 'train' | 'test';
  /** Folder for the shards, shared by any number of processes. Created if needed. */
  readonly folder: string;
  /** Gets the bytes of a blob from wherever the dataset is. They are checked afterwards. */
  readonly fetch: (ref: BlobRef) => Promise<Uint8Array>;
  /** Decoded shards beyond this many bytes are dropped, those used longest ago first. @default 1 GiB */
  readonly memoryBytes?: number;
}

/** x/127.5 − 1 of every byte x. */
const scaled = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

/**
 * The samples of one split. A shard is fetched when one of its samples is first asked for, kept in a folder under its
 * sha256, and in memory. Every shard is checked when a process first reads it; a damaged file is fetched again.
 */
export class ShardCache {
  readonly #options: ShardCacheOptions;
  readonly #shards: readonly Shard[];
  readonly #disk: DirectoryStore;
  /** The one used longest ago comes first. A promise, so that concurrent batches fetch once. */
  readonly #memory = new Map<Shard, Promise<LabelledImages>>();

  private constructor(options: ShardCacheOptions, disk: DirectoryStore) {
    this.#options = options;
    this.#shards = options.manifest.splits[options.split].shards;
    this.#disk = disk;
  }

  /** @throws LangevinError `storage_full`, `storage_failed` if the folder cannot be used */
  static async open(options: ShardCacheOptions): Promise<ShardCache> {
    return new ShardCache(options, await DirectoryStore.open(options.folder));
  }

  /** Samples of the split. */
  get samples(): number {
    return this.#options.manifest.splits[this.#options.split].samples;
  }

  /**
   * The samples with these indices, in this order; an index may come more than once.
   * @throws LangevinError `invalid_argument` for an index outside 0 … samples−1; `object_corrupt` if what was fetched
   * is not what the manifest names; whatever `fetch` throws
   */
  async batch(indices: readonly number[]): Promise<ImageBatch> {
    const { manifest } = this.#options;
    const pixels = manifest.imageShape.reduce((product, size) => product * size, 1);
    const images = new Float32Array(indices.length * pixels);
    const labels = new Int32Array(indices.length);
    for (const [place, index] of indices.entries()) {
      const shard = this.#shardOf(index);
      const content = await this.#content(shard);
      const from = (index - shard.first) * pixels;
      const to = place * pixels;
      for (let i = 0; i < pixels; i++) images[to + i] = scaled[content.images[from + i]!]!;
      labels[place] = content.labels[index - shard.first]!;
    }
    return { images, labels };
  }

  #shardOf(index: number): Shard {
    let low = 0;
    let high = this.#shards.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#shards[middle]!.first <= index) low = middle;
      else high = middle - 1;
    }
    const shard = this.#shards[low];
    if (shard && Number.isInteger(index) && index >= shard.first && index < shard.first + shard.samples) return shard;
    throw new LangevinError('invalid_argument', `sample ${index} is not within 0 … ${this.samples - 1} of ${this.#options.manifest.name}`);
  }

  #content(shard: Shard): Promise<LabelledImages> {
    const known = this.#memory.get(shard);
    const content = known ?? this.#load(shard);
    this.#memory.delete(shard);
    this.#memory.set(shard, content);
    if (known === undefined) {
      // A failure must not be remembered: the next batch tries again.
      content.catch(() => this.#memory.delete(shard));
      this.#dropOldest(shard);
    }
    return content;
  }

  #dropOldest(keep: Shard): void {
    let bytes = 0;
    for (const shard of this.#memory.keys()) bytes += shard.size;
    for (const shard of this.#memory.keys()) {
      if (shard === keep || bytes <= (this.#options.memoryBytes ?? 2 ** 30)) return;
      this.#memory.delete(shard);
      bytes -= shard.size;
    }
  }

  async #load(shard: Shard): Promise<LabelledImages> {
    const { manifest } = this.#options;
    const ref = { digest: shard.digest, size: shard.size };
    return decodeShard((await this.#cached(ref)) ?? (await this.#fetched(ref)), shard.samples, manifest);
  }

  async #cached(ref: BlobRef): Promise<Uint8Array | undefined> {
    try {
      return await getBlob(this.#disk, ref);
    } catch (thrown) {
      // Absent or damaged: either way it is fetched, and what is damaged is replaced.
      if (thrown instanceof LangevinError && (thrown.code === 'object_missing' || thrown.code === 'object_corrupt')) return undefined;
      throw thrown;
    }
  }

  async #fetched(ref: BlobRef): Promise<Uint8Array> {
    const bytes = await this.#options.fetch(ref);
    await verifyBlob(ref, bytes, `shard ${ref.digest} of ${this.#options.manifest.name}, as it was fetched,`);
    await putBlob(this.#disk, bytes);
    return bytes;
  }
}
