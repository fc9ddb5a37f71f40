import type { IncomingMessage } from 'node:http';
import { LangevinError } from '@langevin/contracts';
import type { ByteRange } from './object-store.js';
import { backOff, retried } from './retry.js';
import { isTransientFailure, type S3Connection } from './s3-connection.js';
import { S3Failure } from './s3-failure.js';

/** An object, or a range of it, that has begun to come. */
export interface S3Download {
  /** Bytes of the whole object. */
  readonly size: number;
  /** What was asked for, in order. To be read, or returned, once: it holds a connection. */
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/** How much is asked for of an object whose size is not known: most objects are smaller, and come whole. */
const firstBytes = 1 << 20;

/** From so many bytes on, a connection of its own pays. */
const leanBytes = 4 << 20;

/**
 * Begins to read an object. When the connection breaks later, reading goes on from the byte where it did, of the same object.
 * @param range not empty
 * @throws S3Failure; LangevinError `invalid_argument` for a range beyond the end
 */
export async function download(connection: S3Connection, object: string, range?: ByteRange): Promise<S3Download> {
  const asked = range ?? { start: 0, end: firstBytes };
  const first = await retried(connection.retry, isTransientFailure, () => begin(connection, object, asked)).catch((thrown: unknown) => {
    // Of nothing there is no first byte.
    if (range === undefined && thrown instanceof S3Failure && thrown.status === 416) return undefined;
    throw thrown;
  });
  if (first === undefined) return { size: 0, pieces: (async function* nothing() {})() };
  const { size } = first;
  const whole = range ?? { start: 0, end: size };
  if (whole.end <= size) return { size, pieces: pieces(connection, object, first, whole) };
  await first.close();
  throw beyondTheEnd(object, whole, size);
}

/** The range of an object does not lie within it. */
export function beyondTheEnd(object: string, { start, end }: ByteRange, size: number): LangevinError {
  return new LangevinError('invalid_argument', `object "${object}" has ${size} bytes: the range ${start} to ${end} is not within`);
}

/** A range that has begun to come. */
interface Stretch {
  /** Bytes of the whole object. */
  readonly size: number;
  readonly etag: string | undefined;
  /** The byte after the last one that will come. */
  readonly end: number;
  readonly body: AsyncGenerator<Uint8Array>;
  close(): Promise<unknown>;
}

async function begin(connection: S3Connection, object: string, range: ByteRange, etag?: string): Promise<Stretch> {
  const headers = {
    range: `bytes=${range.start}-${range.end - 1}`,
    // The rest of another object would not fit to what has come already.
    ...(etag === undefined ? {} : { 'if-match': etag }),
  };
  const lean = range.end - range.start >= leanBytes ? await connection.openLean(object, headers) : undefined;
  if (lean) return { ...described(lean.headers, range), body: lean.body, close: () => lean.body.return(undefined) };
  const response = await connection.open({ method: 'GET', object, headers });
  const body = untilQuiet(response, connection.quietMs);
  return { ...described(response.headers, range), body, close: () => Promise.resolve(response.destroy()) };
}

function described(headers: Readonly<Record<string, string | string[] | undefined>>, { end }: ByteRange): Omit<Stretch, 'body' | 'close'> {
  const total = /\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1] ?? headers['content-length'];
  const size = Number(total ?? 0);
  return { size, etag: typeof headers['etag'] === 'string' ? headers['etag'] : undefined, end: Math.min(end, size) };
}

async function* pieces(connection: S3Connection, object: string, first: Stretch, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  let stretch: Stretch | undefined = first;
  let at = start;
  for (let failures = 0; at < end; ) {
    try {
      stretch ??= await begin(connection, object, { start: at, end }, first.etag);
      for await (const piece of stretch.body) {
        at += piece.byteLength;
        failures = 0;
        yield piece;
      }
      if (at < stretch.end) throw new S3Failure(0, 'ECONNRESET', `the answer ended at byte ${at} of ${stretch.end}`);
      stretch = undefined;
    } catch (thrown) {
      const failure = S3Failure.from(thrown);
      stretch = undefined;
      failures += 1;
      if (!failure.isTransient || failures >= connection.retry.attempts) throw failure;
      await backOff(connection.retry, failures);
    }
  }
}

/** Pieces of a body; fails when none comes for `quietMs` while one is waited for. Frees the connection, however it ends. */
async function* untilQuiet(response: IncomingMessage, quietMs: number): AsyncGenerator<Uint8Array> {
  // A reader that pauses is no reason to hang up: only waiting for the server counts.
  response.setTimeout(0);
  const body = (response as AsyncIterable<Uint8Array>)[Symbol.asyncIterator](); // Without an encoding a response yields bytes.
  try {
    for (;;) {
      const timer = setTimeout(() => response.destroy(new S3Failure(0, 'ETIMEDOUT', `no byte came for ${quietMs} ms`)), quietMs);
      const next = await body.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!response.complete) response.destroy();
  }
}
