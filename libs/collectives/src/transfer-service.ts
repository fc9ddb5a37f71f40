import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import { LangevinError } from '@langevin/contracts';
import { maxChunkBytes, serverStreamHandler } from '@langevin/rpc';
import type { Chunk, PartPiece, PullPartRequest__Output, PullRequest__Output, ServiceHandlers } from '@langevin/rpc';
import type { ContentTable } from './content-table.js';

type PullCall = Parameters<ServiceHandlers['Transfer']['Pull']>[0];

/** How content is cut. */
export interface TransferOptions {
  /** Bytes a message, at most 4 MiB. @default 1 MiB */
  readonly chunkBytes?: number;
}

const defaultChunkBytes = 1024 * 1024;

/** Chunks of one stream that are encoded but not yet on their way: more would only fill memory. */
const chunksInFlight = 2;

/**
 * Serves a table's content: `Pull` streams it from the offset on, in order, each chunk with its checksum; content that ends
 * at the offset is one empty chunk. NOT_FOUND (`content_missing`) when the table has it nowhere.
 * Throws `invalid_argument` for a chunk size that no message can carry.
 */
export function transferService(table: ContentTable, options: TransferOptions = {}): ServiceHandlers['Transfer'] {
  const chunkBytes = options.chunkBytes ?? defaultChunkBytes;
  if (!Number.isInteger(chunkBytes) || chunkBytes < 1 || chunkBytes > maxChunkBytes) {
    throw new LangevinError('invalid_argument', `chunkBytes is ${chunkBytes}: choose 1 to ${maxChunkBytes}`);
  }
  return {
    Pull: serverStreamHandler<PullRequest__Output, Chunk>(async (call) => {
      const { digest } = call.request;
      const bytes = await table.open(digest);
      if (!bytes) throw new LangevinError('content_missing', `content ${digest || '(no digest given)'} is not, or no longer, held here`);
      await send(call, bytes, offsetOf(call.request, bytes), chunkBytes);
    }),
    PullPart: serverStreamHandler<PullPartRequest__Output, PartPiece>(async (call) => {
      throw new LangevinError('content_missing', `${call.request.part || '(no part given)'} is not served here: this process takes no part in the exchange`);
    }),
  };
}

function offsetOf({ offset, digest }: PullRequest__Output, bytes: Uint8Array): number {
  const start = Number(offset);
  if (start <= bytes.byteLength) return start;
  throw new LangevinError('invalid_argument', `cannot pull ${digest} from byte ${offset}: it has ${bytes.byteLength}`);
}

async function send(call: PullCall, bytes: Uint8Array, start: number, chunkBytes: number): Promise<void> {
  const totalSize = bytes.byteLength;
  const stop = new AbortController();
  // A cancelled call never calls back for what was written, nor does it drain: waiting for that alone would hang.
  const cancelled = once(call, 'cancelled', { signal: stop.signal }).catch(ignoreStop);
  let inFlight = 0;
  let onSent: (() => void) | undefined;
  const sent = () => {
    inFlight--;
    onSent?.();
  };
  let offset = start;
  do {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset + offset, Math.min(chunkBytes, totalSize - offset));
    inFlight++;
    call.write({ data, totalSize, crc32: crc32(data) }, sent);
    offset += data.byteLength;
    if (inFlight >= chunksInFlight) await Promise.race([cancelled, new Promise<void>((resolve) => (onSent = resolve))]);
  } while (offset < totalSize && !call.cancelled);
  stop.abort();
}

function ignoreStop(): void {
  // The stream has been sent: nobody waits for its cancellation any more.
}
