import { readFileSync } from 'node:fs';
import { Client } from 'minio';
import type { StartedProcess } from './start-process.js';

/** A real S3 server under test, on a free port of 127.0.0.1. Disposing it ends it and removes what it stored. */
export interface S3TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** Environment in which Langevin finds the credentials. */
  readonly env: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  readonly process: StartedProcess;
  /** `s3://bucket[/prefix]?endpoint=…` */
  location(bucket: string, prefix?: string): string;
  /** Makes a bucket. */
  makeBucket(name: string): Promise<void>;
  /** Removes an empty bucket. */
  removeBucket(name: string): Promise<void>;
}

/** Describes a server that runs, and makes the buckets that it is to have. */
export async function s3TestServer(
  endpoint: string,
  credentials: { readonly accessKey: string; readonly secretKey: string },
  process: StartedProcess,
  dispose: () => Promise<void>,
  buckets: readonly string[],
  caFile?: string,
): Promise<S3TestServer> {
  const { hostname, port, protocol } = new URL(endpoint);
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: protocol === 'https:', region: 'us-east-1', ...credentials });
  if (caFile !== undefined) client.setRequestOptions({ ca: readFileSync(caFile) });
  for (const bucket of buckets) await client.makeBucket(bucket);
  return {
    endpoint,
    env: { AWS_ACCESS_KEY_ID: credentials.accessKey, AWS_SECRET_ACCESS_KEY: credentials.secretKey },
    process,
    location: (bucket, prefix) => `s3://${bucket}${prefix === undefined ? '' : `/${prefix}`}?endpoint=${endpoint}`,
    makeBucket: (name) => client.makeBucket(name),
    removeBucket: (name) => client.removeBucket(name),
    [Symbol.asyncDispose]: dispose,
  };
}
