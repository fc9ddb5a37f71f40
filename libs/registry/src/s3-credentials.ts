import { LangevinError } from '@langevin/contracts';

/** What opens an S3 server. Never part of a message, a log or anything that is stored. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Pairs of variables, the first complete one counts. */
const pairs = [
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY'],
  ['MINIO_ROOT_USER', 'MINIO_ROOT_PASSWORD'],
] as const;

/**
 * The credentials in the environment: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, with `AWS_SESSION_TOKEN` if there is
 * one; else `MINIO_ACCESS_KEY` and `MINIO_SECRET_KEY`; else `MINIO_ROOT_USER` and `MINIO_ROOT_PASSWORD`.
 * @throws LangevinError `access_denied` naming the variables to set
 */
export function s3Credentials(env: Environment): S3Credentials {
  for (const [keyName, secretName] of pairs) {
    const accessKey = env[keyName]?.trim();
    const secretKey = env[secretName]?.trim();
    if (!accessKey || !secretKey) continue;
    const sessionToken = keyName === 'AWS_ACCESS_KEY_ID' ? env['AWS_SESSION_TOKEN']?.trim() : undefined;
    return { accessKey, secretKey, ...(sessionToken ? { sessionToken } : {}) };
  }
  throw new LangevinError('access_denied', 'an s3:// store needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
}
