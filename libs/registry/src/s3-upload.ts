import { webcrypto } from 'node:crypto';
import type { ObjectBody, PutResult } from './object-store.js';
import { bodySize } from './object-body.js';
import { PartReader, readBody, type Part } from './part-reader.js';
import { retried } from './retry.js';
import { isTransientFailure, type S3Answer, type S3Connection } from './s3-connection.js';
import { S3Failure } from './s3-failure.js';

/** How large bodies are sent. Memory for one object: about twice `partBytes` × `parallel`. */
export interface UploadOptions {
  /** Bodies up to this size are sent in one request, larger ones in parts of it. S3 demands 5 MiB at least, and at most 10,000 parts. */
  readonly partBytes: number;
  /** Parts that travel at the same time. */
  readonly parallel: number;
}

/** S3 numbers the parts of an object from 1 to this. */
const maxParts = 10_000;

/**
 * Stores a body whole or not at all. `ifAbsent` is the server's own condition, on the one request that makes the object visible;
 * a server may know it for bodies of one request only. When an answer was lost and the request is sent again, one's own object
 * is `exists` too.
 *
 * @throws S3Failure; LangevinError `storage_failed` when the body is not what it said
 */
export async function upload(connection: S3Connection, object: string, body: ObjectBody, ifAbsent: boolean, options: UploadOptions): Promise<PutResult> {
  const condition: Readonly<Record<string, string>> = ifAbsent ? { 'if-none-match': '*' } : {};
  if (bodySize(body) > options.partBytes) return uploadInParts(connection, object, body, condition, options);
  const bytes = await readBody(body);
  return unlessPresent(() => send(connection, { object, headers: condition }, bytes));
}

/** The precondition has failed: the object is there. */
async function unlessPresent(commit: () => Promise<unknown>): Promise<PutResult> {
  try {
    await commit();
    return 'written';
  } catch (thrown) {
    if (thrown instanceof S3Failure && thrown.status === 412) return 'exists';
    throw thrown;
  }
}

async function send(connection: S3Connection, request: { object: string; query?: string; headers?: Readonly<Record<string, string>> }, bytes: Uint8Array): Promise<S3Answer> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return connection.ask({ method: 'PUT', ...request, body, sha256: await sha256(body) });
}

/** In a thread of its own: a part is too long for the event loop. */
async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/**
 * Always a new upload: the client's own `putObject` takes up any upload of the same name that it finds, also one that another writer
 * is still at. Parts alone are never visible; they are thrown away when anything fails.
 */
async function uploadInParts(connection: S3Connection, object: string, body: ObjectBody, condition: Readonly<Record<string, string>>, options: UploadOptions): Promise<PutResult> {
  const { text } = await connection.ask({ method: 'POST', object, query: 'uploads=' });
  const upload = encodeURIComponent(/<UploadId>([^<]+)<\/UploadId>/.exec(text)?.[1] ?? '');
  try {
    const etags = await sendParts(connection, object, upload, body, options);
    return await complete(connection, object, upload, etags, condition, bodySize(body));
  } catch (thrown) {
    // The first failure tells more than that of the cleaning.
    await connection.ask({ method: 'DELETE', object, query: `uploadId=${upload}` }).catch(() => undefined);
    throw thrown;
  }
}

/** Sends all parts, `parallel` at a time, each from a buffer of its own; the tags that the server gave them, in order. */
async function sendParts(connection: S3Connection, object: string, upload: string, body: ObjectBody, { partBytes, parallel }: UploadOptions): Promise<string[]> {
  const size = Math.max(partBytes, Math.ceil(bodySize(body) / maxParts));
  const reader = new PartReader(body);
  const etags: string[] = [];
  let failed = false;
  const lane = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(Math.min(size, bodySize(body)));
    try {
      for (let part: Part | undefined; !failed && (part = await reader.next(buffer)); ) {
        const { headers } = await send(connection, { object, query: `partNumber=${part.number}&uploadId=${upload}` }, part.bytes);
        etags[part.number - 1] = headers.etag ?? '';
      }
    } catch (thrown) {
      failed = true;
      throw thrown;
    }
  };
  // All of them end before anything is thrown away: a part that came after that would stay.
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(parallel, Math.ceil(bodySize(body) / size)) }, lane));
  await reader.close();
  const failure = lanes.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return etags;
}

async function complete(connection: S3Connection, object: string, upload: string, etags: readonly string[], condition: Readonly<Record<string, string>>, size: number): Promise<PutResult> {
  const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag.replaceAll('"', '&quot;')}</ETag></Part>`);
  const body = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`);
  const request = { method: 'POST', object, query: `uploadId=${upload}`, headers: condition, body, sha256: await sha256(body) } as const;
  return retried(connection.retry, isTransientFailure, async (attempt) => {
    try {
      return await unlessPresent(async () => refuseLateError(await connection.send(request)));
    } catch (thrown) {
      const isGone = thrown instanceof S3Failure && thrown.code === 'NoSuchUpload' && attempt > 1;
      // The upload is gone because an earlier try has completed it, its answer lost.
      if (!isGone || Number((await connection.ask({ method: 'HEAD', object })).headers['content-length']) !== size) throw thrown;
      return condition['if-none-match'] === undefined ? 'written' : 'exists';
    }
  });
}

/** Putting large objects together takes time: the server may say that it works, with status 200, and then that it failed. */
function refuseLateError({ headers, text }: S3Answer): void {
  if (/<Error>/.test(text)) throw S3Failure.fromAnswer(500, headers, text);
}
