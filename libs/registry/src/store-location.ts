import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { DirectoryStore } from './directory-store.js';
import { checkKey } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/** Where a store is: a directory, or a bucket of an S3 server, or what lies under a prefix of one. */
export type StoreLocation = { readonly kind: 'directory'; readonly path: string } | S3Location;

/** A store on an S3 server, as far as its location says. */
export interface S3Location {
  readonly kind: 's3';
  readonly bucket: string;
  /** Empty, or a key that all keys of the store lie under. */
  readonly prefix: string;
  readonly endpoint?: string;
  readonly region?: string;
}

/** How a store is opened. */
export interface OpenStoreOptions {
  /** Whether a directory that does not exist is made. Buckets never are. @default true */
  readonly create?: boolean;
  /** Where credentials, and an endpoint and a region that the location does not name, are looked for. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const example = 's3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=us-east-1';
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Reads a location: the path of a directory, or `s3://bucket[/prefix][?endpoint=URL&region=NAME]`.
 * @throws LangevinError `invalid_argument` for a location that is neither, for unknown parameters, and for credentials in it
 */
export function parseStoreLocation(text: string): StoreLocation {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    if (text === '') throw new LangevinError('invalid_argument', `a store needs a location: the path of a directory, or ${example}`);
    return { kind: 'directory', path: resolve(text) };
  }
  if (!text.startsWith('s3://')) throw new LangevinError('invalid_argument', `a store of the kind ${text.slice(0, text.indexOf(':'))}:// is not known: give a directory, or ${example}`);
  const at = text.indexOf('?');
  const [bucket = '', ...rest] = text.slice('s3://'.length, at < 0 ? undefined : at).split('/');
  // The text itself is not repeated: it may hold what should not have been in it.
  if (bucket.includes('@')) throw new LangevinError('invalid_argument', 'a store location holds no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  if (!bucketName.test(bucket)) throw new LangevinError('invalid_argument', `"${bucket}" is no name of a bucket (3–63 of a–z, 0–9, ".", "-"): give ${example}`);
  const prefix = rest.join('/').replace(/\/$/, '');
  if (prefix !== '') checkKey(prefix);
  return { kind: 's3', bucket, prefix, ...parameters(at < 0 ? '' : text.slice(at + 1)) };
}

/** The location as text that `parseStoreLocation` reads again. */
export function formatStoreLocation(location: StoreLocation): string {
  if (location.kind === 'directory') return location.path;
  const { bucket, prefix, endpoint, region } = location;
  const query = [endpoint === undefined ? [] : [`endpoint=${endpoint}`], region === undefined ? [] : [`region=${region}`]].flat().join('&');
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}${query === '' ? '' : `?${query}`}`;
}

/**
 * Opens the store at `location`. Credentials of an S3 server come from the environment; see `s3Credentials`.
 *
 * @throws LangevinError `invalid_argument` for a location that cannot be read; `storage_failed` when there is no directory
 * and none is to be made; `access_denied`, `bucket_missing`, `storage_unavailable` from an S3 server
 */
export async function openStore(location: string, options: OpenStoreOptions = {}): Promise<ObjectStore> {
  const parsed = parseStoreLocation(location);
  if (parsed.kind === 's3') {
    // Only who uses a server pays for the client.
    const { S3Store } = await import('./s3-store.js');
    return S3Store.open(parsed, options.env ?? process.env);
  }
  if (options.create === false && !(await isDirectory(parsed.path))) {
    throw new LangevinError('storage_failed', `there is no store at ${parsed.path}; name the data folder of a coordinator with --data-dir, or another store with --store`);
  }
  return DirectoryStore.open(parsed.path);
}

/**
 * Makes the store at `location`, a directory or the bucket of an S3 server; one that is there already is fine.
 * @throws LangevinError `invalid_argument`, `storage_full`, `storage_failed`, `access_denied`, `storage_unavailable`
 */
export async function createStore(location: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<ObjectStore> {
  const parsed = parseStoreLocation(location);
  if (parsed.kind === 'directory') return DirectoryStore.open(parsed.path);
  const { S3Store } = await import('./s3-store.js');
  return S3Store.create(parsed, env);
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function parameters(query: string): { endpoint?: string; region?: string } {
  const found = new URLSearchParams(query);
  for (const name of new Set(found.keys())) {
    if (name !== 'endpoint' && name !== 'region') throw new LangevinError('invalid_argument', `a store location has no parameter "${name}": there are endpoint and region, as in ${example}`);
    if (found.getAll(name).length > 1) throw new LangevinError('invalid_argument', `a store location names its ${name} twice: give it once`);
  }
  const endpoint = found.get('endpoint');
  const region = found.get('region');
  if (region !== null && !/^[a-z0-9-]{1,64}$/.test(region)) throw new LangevinError('invalid_argument', `the region of a store is a word such as us-east-1, not "${region}"`);
  return { ...(endpoint === null ? {} : { endpoint: parseEndpoint(endpoint).origin }), ...(region === null ? {} : { region }) };
}

/**
 * The address of an S3 server.
 * @throws LangevinError `invalid_argument` unless it is `http://host[:port]` or `https://host[:port]`, without anything more
 */
export function parseEndpoint(text: string): URL {
  if (text.includes('@')) {
    throw new LangevinError('invalid_argument', 'an endpoint holds no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '') return url;
  throw new LangevinError('invalid_argument', `"${text}" is no endpoint: give http://host:port or https://host:port`);
}
