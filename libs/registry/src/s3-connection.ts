import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { LangevinError } from '@langevin/contracts';
import { leanGet, type LeanAnswer } from './lean-get.js';
import { retried, type RetryPolicy } from './retry.js';
import type { S3Credentials } from './s3-credentials.js';
import { S3Failure } from './s3-failure.js';
import { sha256Hex } from './sha256.js';
import { s3Transport, type S3Transport } from './s3-transport.js';

/** Where a bucket is, and how to talk to its server. */
export interface S3ConnectionOptions {
  /** Location of the store, as people write it. */
  readonly location: string;
  readonly bucket: string;
  /** `http://host:port` or `https://host`. */
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: S3Credentials;
  /** PEM certificates that are trusted; only for https. @default Node's own */
  readonly certificates?: readonly string[];
  /** Silence in ms after which a request has failed, and is tried again. */
  readonly quietMs: number;
  readonly retry: RetryPolicy;
}

/** One request on the bucket, or on an object in it. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Name of the object within the bucket. */
  readonly object?: string;
  /** Query string, encoded, its parameters in order. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** sha256 of the body in hexadecimal digits, which the server checks. @default that of no bytes */
  readonly sha256?: string;
}

/** An answer read to its end. */
export interface S3Answer {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** How long the signature of a URL is good for: it is used at once. */
const signatureSeconds = 600;

/** sha256 of no bytes: FIPS 180-4. */
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Signed requests to one bucket, through the `minio` client: it signs and knows the addressing of endpoints. Its retries are
 * off, because they would send a stream twice and speak to the console; ours read errors first, and are bounded.
 */
export class S3Connection {
  /** The bucket and its server, for messages. */
  readonly where: string;
  readonly quietMs: number;
  readonly retry: RetryPolicy;
  readonly #location: string;
  readonly #bucket: string;
  readonly #region: string;
  readonly #client: Client;
  readonly #certificates: readonly string[] | undefined;

  constructor({ location, bucket, endpoint, region, credentials, certificates, quietMs, retry }: S3ConnectionOptions) {
    const secure = endpoint.protocol === 'https:';
    this.where = `bucket ${bucket} at ${endpoint.origin}`;
    this.quietMs = quietMs;
    this.retry = retry;
    this.#location = location;
    this.#bucket = bucket;
    this.#region = region;
    this.#certificates = certificates;
    this.#client = new Client({
      endPoint: endpoint.hostname,
      ...(endpoint.port === '' ? {} : { port: Number(endpoint.port) }),
      useSSL: secure,
      region,
      ...credentials,
      // Amazon has buckets in the host name; other servers need not have the names in their DNS.
      pathStyle: !endpoint.hostname.endsWith('.amazonaws.com'),
      transport: s3Transport(secure, quietMs) as S3Transport & typeof http, // The client calls it with these two arguments alone.
      transportAgent: secure
        ? new https.Agent({ keepAlive: true, ...(certificates === undefined ? {} : { ca: [...certificates] }) })
        : new http.Agent({ keepAlive: true }),
      retryOptions: { disableRetry: true },
    });
    // Sign what is sent over TLS too: the server then checks the bytes that it has stored, not only those on the way.
    this.#client.enableSHA256 = true;
  }

  /**
   * One try; resolves when the headers of a successful answer have come.
   * @throws S3Failure
   */
  async open({ method, object, query, headers, body, sha256 }: S3Request): Promise<IncomingMessage> {
    const length = body !== undefined || method === 'PUT' || method === 'POST' ? { 'content-length': String(body?.byteLength ?? 0) } : {};
    const request = {
      method,
      bucketName: this.#bucket,
      ...(object === undefined ? {} : { objectName: object }),
      ...(query === undefined ? {} : { query }),
      headers: { ...headers, ...length },
    };
    try {
      return await this.#client.makeRequestStreamAsync(request, body ?? '', sha256 ?? emptySha256, [200, 204, 206], this.#region);
    } catch (thrown) {
      throw S3Failure.from(thrown);
    }
  }

  /**
   * One try to get an object over a lean connection of its own, for large ones; `undefined` when only `open` can read the answer.
   * @throws S3Failure
   */
  async openLean(object: string, headers: Readonly<Record<string, string>>): Promise<LeanAnswer | undefined> {
    const certificates = this.#certificates === undefined ? {} : { certificates: this.#certificates };
    const url = new URL(await this.#client.presignedUrl('GET', this.#bucket, object, signatureSeconds));
    const answer = await leanGet({ url, headers, ...certificates, quietMs: this.quietMs });
    if (answer === undefined || answer.status === 200 || answer.status === 206) return answer;
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body) pieces.push(piece);
    throw S3Failure.fromAnswer(answer.status, answer.headers, Buffer.concat(pieces).toString('utf8'));
  }

  /**
   * One try; reads the answer to its end.
   * @throws S3Failure
   */
  async send(request: S3Request): Promise<S3Answer> {
    const response = await this.open(request);
    try {
      const pieces: Buffer[] = [];
      for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece); // Without an encoding a response yields buffers.
      return { headers: response.headers, text: Buffer.concat(pieces).toString('utf8') };
    } catch (thrown) {
      throw S3Failure.from(thrown);
    }
  }

  /**
   * Sends until there is an answer, as the retry policy says.
   * @throws S3Failure
   */
  ask(request: S3Request): Promise<S3Answer> {
    return retried(this.retry, isTransientFailure, () => this.send(request));
  }

  /**
   * Makes the bucket.
   * @throws S3Failure
   */
  async makeBucket(): Promise<void> {
    // The first region must not be named, every other one must: so it was from the beginning.
    const xml = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${this.#region}</LocationConstraint></CreateBucketConfiguration>`;
    const body = Buffer.from(this.#region === 'us-east-1' ? '' : xml);
    await this.ask({ method: 'PUT', body, sha256: sha256Hex(body) });
  }

  /** What people are told when a request has failed for good, while `doing` something. A LangevinError passes through. */
  error(thrown: unknown, doing: string): LangevinError {
    if (thrown instanceof LangevinError) return thrown;
    const failure = S3Failure.from(thrown);
    const told = (code: ConstructorParameters<typeof LangevinError>[0], remedy: string): LangevinError =>
      new LangevinError(code, `${doing} failed: ${this.where}: ${failure.message}; ${remedy}`, { cause: failure });
    if (failure.code === 'NoSuchBucket') return told('bucket_missing', `make it with: langevin store create "${this.#location}"`);
    if (failure.status === 401 || failure.status === 403) return told('access_denied', 'check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what that key may do with the bucket');
    if (failure.isFull) return told('storage_full', 'free some space there, or choose another store');
    if (failure.isTransient) return told('storage_unavailable', 'check that the server runs and can be reached, then try again');
    if (failure.isDistrust) return told('storage_failed', 'if the server is the right one, name the file of its authority in SSL_CERT_FILE');
    return told('storage_failed', 'check the endpoint, the region and the bucket of the store');
  }
}

/** Whether a request that failed like this may succeed a little later. */
export function isTransientFailure(thrown: unknown): boolean {
  return thrown instanceof S3Failure && thrown.isTransient;
}
