import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, LangevinError, parseCheckpointManifest, type CheckpointFile, type CheckpointManifest } from '@langevin/contracts';
import { publishCheckpoint, type PublishedCheckpoint } from './checkpoint-publisher.js';
import { makeFolder, syncFolder, writeDurably } from './durable-files.js';
import { errnoOf, storageError } from './file-errors.js';
import { checkpointKey } from './layout.js';
import type { ObjectStore } from './object-store.js';

/** A whole checkpoint that waits on this machine's disk for the store. */
export interface SpooledCheckpoint {
  readonly run: string;
  readonly step: number;
  /** Folder with its files and `manifest.json`. */
  readonly folder: string;
}

const drafts = '.tmp';
const manifestName = 'manifest.json';

/**
 * Checkpoints on their way into a store, as folders `<run>/<step>`: each is there whole and durably, or not at all. One
 * process at a time works on a spool.
 */
export class CheckpointSpool {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens a spool, and removes what a process that died had not finished.
   * @throws LangevinError `storage_failed` if the folder cannot be used
   */
  static async open(folder: string): Promise<CheckpointSpool> {
    const spool = new CheckpointSpool(folder);
    await spool.#guard('opening the spool', async () => {
      await rm(join(folder, drafts), { recursive: true, force: true });
      await makeFolder(join(folder, drafts));
    });
    return spool;
  }

  /** Begins a checkpoint; nothing of it is in the spool before it is committed. */
  draft(run: string, step: number): SpoolDraft {
    // Checks both, before they become part of a path.
    checkpointKey(run, step);
    const target = { run, step, folder: join(this.folder, run, String(step).padStart(12, '0')) };
    return new SpoolDraft(target, join(this.folder, drafts, randomBytes(8).toString('hex')), (doing, act, bytes) => this.#guard(doing, act, bytes));
  }

  /** What waits: by run, oldest first. */
  async list(): Promise<SpooledCheckpoint[]> {
    return this.#guard('reading the spool', async () => {
      const runs = (await readdir(this.folder)).filter((name) => name !== drafts).sort();
      const steps = await Promise.all(runs.map(async (run) => ({ run, names: (await readdir(join(this.folder, run))).sort() })));
      return steps.flatMap(({ run, names }) => names.map((name) => ({ run, step: Number(name), folder: join(this.folder, run, name) })));
    });
  }

  /**
   * Publishes a checkpoint into the store; it stays in the spool.
   * @throws LangevinError as `publishCheckpoint`; `object_corrupt` when its files are not what they were when it was committed
   */
  async publish(store: ObjectStore, { folder }: SpooledCheckpoint): Promise<PublishedCheckpoint> {
    const { files, ...facts } = await readManifestFile(folder);
    return publishCheckpoint(store, facts, files.map(({ path, role, digest }) => ({ path, role, digest, content: join(folder, path) })));
  }

  /** Takes a checkpoint out of the spool. */
  async remove({ folder }: SpooledCheckpoint): Promise<void> {
    await this.#guard(`removing ${folder}`, async () => {
      const aside = join(this.folder, drafts, randomBytes(8).toString('hex'));
      await rename(folder, aside);
      await syncFolder(dirname(folder));
      await rm(aside, { recursive: true, force: true });
      await rmdir(dirname(folder)).catch(() => {
        // Others of the run wait there.
      });
    });
  }

  async #guard<T>(doing: string, act: () => Promise<T>, bytes?: number): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      throw await storageError(thrown, this.folder, `${doing} ${this.folder}`, bytes);
    }
  }
}

type Guard = <T>(doing: string, act: () => Promise<T>, bytes?: number) => Promise<T>;

/** A checkpoint that is being copied into a spool. */
export class SpoolDraft {
  readonly #target: SpooledCheckpoint;
  readonly #folder: string;
  readonly #guard: Guard;
  readonly #files: CheckpointFile[] = [];

  /** @param folder fresh, on the file system of the target */
  constructor(target: SpooledCheckpoint, folder: string, guard: Guard) {
    this.#target = target;
    this.#folder = folder;
    this.#guard = guard;
  }

  /**
   * Writes a file, durably. Its bytes are those of `file.digest`: whoever fetched them has checked that.
   * @throws LangevinError `storage_full`, `storage_failed`
   */
  async add(file: CheckpointFile, bytes: Uint8Array): Promise<void> {
    await this.#guard(
      `writing ${file.path} into`,
      async () => {
        await makeFolder(this.#folder);
        await writeDurably(join(this.#folder, file.path), bytes);
      },
      bytes.byteLength,
    );
    this.#files.push(file);
  }

  /**
   * Puts the checkpoint into the spool. If the same one waits there already, that one stays.
   * @throws LangevinError `object_exists` if another one of this step waits there; `object_corrupt` for facts that are none
   */
  async commit(facts: Omit<CheckpointManifest, 'files'>): Promise<SpooledCheckpoint> {
    const manifest = parseCheckpointManifest({ ...facts, files: this.#files });
    const { folder } = this.#target;
    await this.#guard('writing a manifest into', () => writeDurably(join(this.#folder, manifestName), new TextEncoder().encode(canonicalJson(manifest))));
    const isFree = await this.#guard('committing a checkpoint to', async () => {
      await syncFolder(this.#folder);
      return renameIfFree(this.#folder, folder);
    });
    if (isFree) {
      await this.#guard('committing a checkpoint to', () => syncFolder(dirname(folder)));
    } else {
      await this.discard();
      await this.#refuseOther(manifest);
    }
    return this.#target;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #refuseOther(manifest: CheckpointManifest): Promise<void> {
    const { run, step, folder } = this.#target;
    const waiting = await readManifestFile(folder);
    if (canonicalJson(waiting.files) === canonicalJson(manifest.files)) return;
    throw new LangevinError('object_exists', `another checkpoint of run "${run}" at step ${step} waits for the store in ${folder}; it stays; train under another name`);
  }
}

/** rename(2) replaces no folder that holds something. */
async function renameIfFree(from: string, to: string): Promise<boolean> {
  for (;;) {
    await makeFolder(dirname(to));
    try {
      await rename(from, to);
      return true;
    } catch (thrown) {
      const errno = errnoOf(thrown) ?? '';
      if (['ENOTEMPTY', 'EEXIST'].includes(errno)) return false;
      // The last checkpoint that waited in the folder of the run was taken out, and the folder with it.
      if (errno !== 'ENOENT' || !existsSync(from)) throw thrown;
    }
  }
}

async function readManifestFile(folder: string): Promise<CheckpointManifest> {
  try {
    return parseCheckpointManifest(JSON.parse(await readFile(join(folder, manifestName), 'utf8')));
  } catch (cause) {
    const { message } = LangevinError.from(cause);
    throw new LangevinError('object_corrupt', `the spooled checkpoint in ${folder} is damaged: ${message}`, { cause });
  }
}
