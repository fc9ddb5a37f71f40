import { randomBytes } from 'node:crypto';
import { LangevinError } from '@langevin/contracts';
import { checkKey, checkPrefix } from './object-key.js';
import type { ByteRange, ObjectBody, ObjectInfo, ObjectStore, PutResult, StoreProbe } from './object-store.js';
import type { RetryPolicy } from './retry.js';
import { S3Connection } from './s3-connection.js';
import { s3Credentials } from './s3-credentials.js';
import { beyondTheEnd, download, type S3Download } from './s3-download.js';
import { S3Failure } from './s3-failure.js';
import { listObjects } from './s3-listing.js';
import { upload, type UploadOptions } from './s3-upload.js';
import { formatStoreLocation, parseEndpoint, type S3Location } from './store-location.js';
import { trustedCertificates } from './trusted-certificates.js';

/** How patient a store is, and how it sends. */
export interface S3StoreOptions extends Partial<UploadOptions> {
  /** Silence in ms after which a request is given up and tried again. @default 20000 */
  readonly quietMs?: number;
  /** @default 6 tries, waiting up to 200 ms after the first and 5 s at most */
  readonly retry?: RetryPolicy;
}

const defaults = {
  partBytes: 16 << 20,
  parallel: 4,
  quietMs: 20_000,
  retry: { attempts: 6, baseMs: 200, capMs: 5000, random: Math.random },
} as const;

const defaultRegion = 'us-east-1';

/**
 * A store in a bucket of an S3 server, or under a prefix of one. Whatever `put` returned from is where the server says that it
 * is. Requests that get no answer, or one that asks for patience, are sent again a bounded number of times.
 */
export class S3Store implements ObjectStore {
  readonly location: string;
  readonly #connection: S3Connection;
  readonly #root: string;
  readonly #upload: UploadOptions;

  private constructor(location: string, root: string, connection: S3Connection, upload: UploadOptions) {
    this.location = location;
    this.#root = root;
    this.#connection = connection;
    this.#upload = upload;
  }

  /**
   * Opens the store at `location`. What it does not say comes from the environment: credentials, `AWS_ENDPOINT_URL_S3` or
   * `AWS_ENDPOINT_URL`, `AWS_REGION`. Changes nothing.
   *
   * @throws LangevinError `access_denied`, also without credentials; `bucket_missing`; `storage_unavailable`
   */
  static async open(location: S3Location, env: Readonly<Record<string, string | undefined>>, options: S3StoreOptions = {}): Promise<S3Store> {
    const store = S3Store.#at(location, env, { ...defaults, ...options });
    await store.#checkBucket(`opening the store ${store.location}`);
    return store;
  }

  /**
   * Makes the bucket of a store; one that is there already is fine.
   * @returns the store
   * @throws LangevinError `access_denied`, `storage_unavailable`, `storage_failed`
   */
  static async create(location: S3Location, env: Readonly<Record<string, string | undefined>>, options: S3StoreOptions = {}): Promise<S3Store> {
    const store = S3Store.#at(location, env, { ...defaults, ...options });
    try {
      await store.#connection.makeBucket();
    } catch (thrown) {
      if (S3Failure.from(thrown).code !== 'BucketAlreadyOwnedByYou') throw store.#connection.error(thrown, `making the bucket of ${store.location}`);
    }
    return store;
  }

  static #at(asked: S3Location, env: Readonly<Record<string, string | undefined>>, options: Required<S3StoreOptions>): S3Store {
    const region = asked.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? defaultRegion;
    const endpoint = parseEndpoint(asked.endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`);
    const { kind, bucket, prefix } = asked;
    const location = formatStoreLocation({ kind, bucket, prefix, endpoint: endpoint.origin, ...(region === defaultRegion ? {} : { region }) });
    const connection = new S3Connection({
      location,
      bucket,
      endpoint,
      region,
      credentials: s3Credentials(env),
      ...(endpoint.protocol === 'https:' ? { certificates: trustedCertificates(env) } : {}),
      quietMs: options.quietMs,
      retry: options.retry,
    });
    return new S3Store(location, prefix === '' ? '' : `${prefix}/`, connection, options);
  }

  async get(key: string): Promise<Uint8Array> {
    const { size, pieces } = await this.#download(key);
    const all = new Uint8Array(size);
    let at = 0;
    try {
      for await (const piece of pieces) {
        all.set(piece, at);
        at += piece.byteLength;
      }
      return all;
    } catch (thrown) {
      throw this.#readError(thrown, key);
    }
  }

  async *stream(key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
    if (range && !isRange(range)) throw beyondTheEnd(key, range, (await this.#size(key)));
    if (range && range.start === range.end) {
      // S3 has no way to ask for nothing.
      const size = await this.#size(key);
      if (range.end > size) throw beyondTheEnd(key, range, size);
      return;
    }
    const { pieces } = await this.#download(key, range);
    try {
      yield* pieces;
    } catch (thrown) {
      throw this.#readError(thrown, key);
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const object = this.#object(key);
    try {
      const { headers } = await this.#connection.ask({ method: 'HEAD', object });
      return { key, size: Number(headers['content-length'] ?? 0) };
    } catch (thrown) {
      const failure = S3Failure.from(thrown);
      if (failure.status !== 404) throw this.#readError(thrown, key);
      // An answer to HEAD has no body, and need not say what is missing.
      if (failure.code !== 'NoSuchKey') await this.#checkBucket(`looking for ${key}`);
      return undefined;
    }
  }

  async put(key: string, body: ObjectBody, options?: { readonly ifAbsent?: boolean }): Promise<PutResult> {
    const object = this.#object(key);
    try {
      return await upload(this.#connection, object, body, options?.ifAbsent ?? false, this.#upload);
    } catch (thrown) {
      throw this.#connection.error(thrown, `writing ${key}`);
    }
  }

  async remove(key: string): Promise<void> {
    const object = this.#object(key);
    try {
      await this.#connection.ask({ method: 'DELETE', object });
    } catch (thrown) {
      const { status, code } = S3Failure.from(thrown);
      if (status === 404 && code === 'NoSuchKey') return;
      throw this.#connection.error(thrown, `removing ${key}`);
    }
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    try {
      for await (const { key, size } of listObjects(this.#connection, this.#root + prefix)) yield { key: key.slice(this.#root.length), size };
    } catch (thrown) {
      throw this.#connection.error(thrown, `listing ${prefix === '' ? this.location : prefix}`);
    }
  }

  /** Parts of an object that is never completed are visible to nobody, also in a bucket that keeps versions. */
  async probe(): Promise<StoreProbe> {
    const object = `${this.#root}probe/${randomBytes(8).toString('hex')}`;
    try {
      const { text } = await this.#connection.ask({ method: 'POST', object, query: 'uploads=' });
      const query = `uploadId=${encodeURIComponent(/<UploadId>([^<]+)</.exec(text)?.[1] ?? '')}`;
      try {
        await this.#connection.ask({ method: 'PUT', object, query: `partNumber=1&${query}` });
      } finally {
        await this.#connection.ask({ method: 'DELETE', object, query });
      }
      return { writable: true };
    } catch (thrown) {
      return { writable: false, problem: this.#connection.error(thrown, `writing to ${this.location}`).message };
    }
  }

  #object(key: string): string {
    return this.#root + checkKey(key);
  }

  async #download(key: string, range?: ByteRange): Promise<S3Download> {
    const object = this.#object(key);
    try {
      return await download(this.#connection, object, range);
    } catch (thrown) {
      if (range && S3Failure.from(thrown).status === 416) throw beyondTheEnd(key, range, await this.#size(key));
      throw this.#readError(thrown, key);
    }
  }

  async #size(key: string): Promise<number> {
    const info = await this.head(key);
    if (info) return info.size;
    throw new LangevinError('object_missing', `${this.location} holds no object "${key}"`);
  }

  #readError(thrown: unknown, key: string): LangevinError {
    if (thrown instanceof S3Failure && thrown.status === 404 && thrown.code !== 'NoSuchBucket') {
      return new LangevinError('object_missing', `${this.location} holds no object "${key}"`, { cause: thrown });
    }
    if (thrown instanceof S3Failure && thrown.status === 412) {
      return new LangevinError('storage_failed', `${key} was replaced while it was being read; read it again`, { cause: thrown });
    }
    return this.#connection.error(thrown, `reading ${key}`);
  }

  async #checkBucket(doing: string): Promise<void> {
    try {
      await this.#connection.ask({ method: 'HEAD' });
    } catch (thrown) {
      const failure = S3Failure.from(thrown);
      throw this.#connection.error(failure.status === 404 ? new S3Failure(404, 'NoSuchBucket', 'there is no such bucket') : failure, doing);
    }
  }
}

function isRange({ start, end }: ByteRange): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
}
