import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { LangevinError } from '@langevin/contracts';
import { receive } from '@langevin/rpc';
import type { Chunk__Output, RpcClient } from '@langevin/rpc';

/** How content is pulled. */
export interface PullOptions {
  /** Bytes the content must have. @default whatever the peer says */
  readonly size?: number;
  /** Aborting it cancels the pull. */
  readonly signal?: AbortSignal;
  /**
   * Where to write: memory of exactly the content's size. `bytes` is read anew for each chunk, so it may be a view into
   * memory that moves (a `Vector`). Its content is unspecified after a failure. @default new memory
   */
  readonly into?: { readonly bytes: Uint8Array };
  /**
   * `digest` hashes the whole content. `checksum` trusts the peer to hold what it names and checks only what the transport
   * can break (each chunk's crc32, the size); it is faster than sha256 allows. @default 'digest'
   */
  readonly verify?: 'digest' | 'checksum';
}

/**
 * The content with this digest, pulled from the peer, each byte written once into its final place.
 * What arrives corrupt or short is pulled once more; then it throws `object_corrupt`, naming digest and peer. Throws
 * `content_missing` when the peer does not hold it, `unavailable` when the peer is lost, `cancelled` by the signal.
 */
export async function pull(client: RpcClient<'Transfer'>, digest: string, options: PullOptions = {}): Promise<Uint8Array> {
  try {
    return await pullOnce(client, digest, options);
  } catch (thrown) {
    if (!(thrown instanceof LangevinError) || thrown.code !== 'object_corrupt') throw thrown;
    return await pullOnce(client, digest, options);
  }
}

async function pullOnce(client: RpcClient<'Transfer'>, digest: string, options: PullOptions): Promise<Uint8Array> {
  const hash = options.verify === 'checksum' ? undefined : createHash('sha256');
  const fail = (problem: string) =>
    new LangevinError('object_corrupt', `content ${digest} from ${client.peer.name} at ${client.peer.address} ${problem}`);
  let target: { readonly bytes: Uint8Array } | undefined;
  let offset = 0;
  const stream = client.pull({ digest }, options.signal ? { signal: options.signal } : {});
  for await (const chunk of receive(stream, client.peer)) {
    target ??= targetFor(Number(chunk.totalSize), options, fail);
    offset = accept(chunk, target.bytes, offset, hash, fail);
  }
  const bytes = target?.bytes;
  if (bytes?.byteLength !== offset) throw fail(`ended after ${offset} of ${bytes?.byteLength ?? 'an unknown number of'} bytes`);
  const got = hash?.digest('hex') ?? digest;
  if (got !== digest) throw fail(`has the digest ${got}`);
  return bytes;
}

type Fail = (problem: string) => LangevinError;

function targetFor(totalSize: number, { size, into }: PullOptions, fail: Fail): { readonly bytes: Uint8Array } {
  const expected = size ?? into?.bytes.byteLength ?? totalSize;
  if (totalSize !== expected) throw fail(`has ${totalSize} bytes instead of ${expected}`);
  if (!into) return { bytes: new Uint8Array(totalSize) };
  if (into.bytes.byteLength === totalSize) return into;
  throw new LangevinError('invalid_argument', `content of ${totalSize} bytes was to be pulled into ${into.bytes.byteLength} bytes`);
}

/** Checks a chunk and writes it; returns where the next one goes. */
function accept(chunk: Chunk__Output, bytes: Uint8Array, offset: number, hash: Hash | undefined, fail: Fail): number {
  const { data } = chunk;
  const end = offset + data.byteLength;
  if (end > bytes.byteLength) throw fail(`goes on after its ${bytes.byteLength} bytes`);
  if (crc32(data) !== chunk.crc32) throw fail(`has a wrong checksum between bytes ${offset} and ${end}`);
  bytes.set(data, offset);
  hash?.update(data);
  return end;
}
