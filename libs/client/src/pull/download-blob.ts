import { open, rm, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { LangevinError, type BlobRef } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { hashStart } from './hash-file.js';

/** Bytes asked for at a time: a broken connection costs at most so many, and no answer takes for ever. */
const rangeBytes = 64 << 20;

/** How a blob is fetched. */
export interface DownloadOptions {
  /** Name of the file for messages. */
  readonly name: string;
  /** Told how many bytes of the file are on disk, after each piece. */
  readonly onSize: (bytes: number) => void;
  /** Told how many bytes came from the store, piece by piece. */
  readonly onFetched: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Brings a blob into a file, byte for byte, and returns when the disk has it. Bytes that the file holds already are kept and only
 * the missing ones are fetched. The sha256 of the whole is checked; a file that fails is removed and fetched once more.
 *
 * @throws LangevinError `object_corrupt` naming file and key when the store's blob is damaged or gone; `cancelled`; the store's own
 * errors. What the file system throws passes through. Whatever is thrown, the file keeps what was fetched, unless it was damaged
 */
export async function downloadBlob(store: ObjectStore, blob: BlobRef, key: string, path: string, options: DownloadOptions): Promise<void> {
  await checkSource(store, blob, key, options.name);
  const first = await attempt(store, blob, key, path, options);
  if (first === blob.digest) return;
  // Damage on the way, or on this disk: the store may well hold the right bytes.
  await rm(path);
  const second = await attempt(store, blob, key, path, options);
  if (second === blob.digest) return;
  await rm(path);
  throw damaged(options.name, `${store.location}: ${key} is damaged: its sha256 is ${second} instead of ${blob.digest}`);
}

async function checkSource(store: ObjectStore, blob: BlobRef, key: string, name: string): Promise<void> {
  const size = (await store.head(key))?.size;
  if (size === blob.size) return;
  throw damaged(name, `${store.location}: ${key} is damaged: ${size === undefined ? 'it is not there' : `it has ${size} bytes instead of ${blob.size}`}`);
}

/** @returns the digest of the finished file */
async function attempt(store: ObjectStore, blob: BlobRef, key: string, path: string, options: DownloadOptions): Promise<string> {
  await using file = await open(path, constants.O_RDWR | constants.O_CREAT);
  let at = await keptBytes(file, blob.size);
  const hash = await hashStart(file, at);
  options.onSize(at);
  while (at < blob.size) {
    const end = Math.min(at + rangeBytes, blob.size);
    for await (const piece of store.stream(key, { start: at, end })) {
      checkStopped(options);
      hash.update(piece);
      await writeWhole(file, piece, at);
      at += piece.byteLength;
      options.onFetched(piece.byteLength);
      options.onSize(at);
    }
    if (at !== end) throw damaged(options.name, `${store.location}: ${key} ended at byte ${at} of ${end}`);
  }
  await file.sync();
  return hash.digest('hex');
}

/** write(2) may take less than it is given, without an error, when the disk is almost full. */
async function writeWhole(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < piece.byteLength; ) {
    written += (await file.write(piece, written, piece.byteLength - written, at + written)).bytesWritten;
  }
}

/** What an interrupted download left; a file that is too long is none. */
async function keptBytes(file: FileHandle, size: number): Promise<number> {
  const kept = (await file.stat()).size;
  if (kept <= size) return kept;
  await file.truncate(0);
  return 0;
}

function checkStopped({ signal, name }: DownloadOptions): void {
  if (signal?.aborted) throw new LangevinError('cancelled', `the pull was stopped at ${name}; the same pull goes on from there`);
}

function damaged(name: string, what: string): LangevinError {
  return new LangevinError('object_corrupt', `${name}: ${what}`);
}
