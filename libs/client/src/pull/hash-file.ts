import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { BlobRef } from '@langevin/contracts';

const pieceBytes = 1 << 20;

/** Feeds the first `size` bytes of a file into a hash, a MiB at a time, and gives the hash. */
export async function hashStart(file: FileHandle, size: number): Promise<Hash> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(pieceBytes, size));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(pieceBytes, size - at), at);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash;
}

/** Digest and size of a file, read a MiB at a time. Throws what the file system throws. */
export async function measureFile(path: string): Promise<BlobRef> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  return { digest: (await hashStart(file, size)).digest('hex'), size };
}
