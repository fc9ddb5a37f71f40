import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import { freePort } from './free-port.js';
import { minioBinary } from './minio-binary.js';
import { s3TestServer, type S3TestServer } from './s3-test-server.js';
import { startProcess, type StartedProcess } from './start-process.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a MinIO server is started with. */
export interface MinioOptions {
  /** Buckets that it has from the start. @default none */
  readonly buckets?: readonly string[];
  /** Folder of its data, which stays when the server ends. @default a temporary one */
  readonly folder?: string;
  /** @default a free one */
  readonly port?: number;
  /** @default random ones */
  readonly credentials?: { readonly accessKey: string; readonly secretKey: string };
  /** Speaks TLS with the certificate and the key in these PEM files. @default plain HTTP */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** A port that was free a moment ago may be taken when the server gets there. */
const tries = 3;

/**
 * Starts a real MinIO server.
 * @throws LangevinError `unsupported` when it has not been built; an Error when it does not start
 */
export async function startMinio(options: MinioOptions = {}): Promise<S3TestServer> {
  const binary = minioBinary();
  const temporary = await temporaryFolder();
  const credentials = options.credentials ?? { accessKey: `test-${randomBytes(6).toString('hex')}`, secretKey: randomBytes(18).toString('hex') };
  const env = { HOME: temporary.path, MINIO_ROOT_USER: credentials.accessKey, MINIO_ROOT_PASSWORD: credentials.secretKey, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off', MINIO_CALLHOME_ENABLE: 'off' };
  const certificates = `${temporary.path}/certs`;
  const { server, port } = await listening(options.port, (address) => {
    if (options.tls) placeCertificates(certificates, options.tls);
    return startProcess(binary, ['server', '--certs-dir', certificates, '--address', address, options.folder ?? `${temporary.path}/data`], { env });
  }).catch(async (error: unknown) => {
    await temporary[Symbol.asyncDispose]();
    throw error;
  });
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await temporary[Symbol.asyncDispose]();
  };
  try {
    return await s3TestServer(`${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`, credentials, server, dispose, options.buckets ?? [], options.tls?.ca);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Under the names that MinIO looks for. */
function placeCertificates(folder: string, { cert, key }: { readonly cert: string; readonly key: string }): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(cert, `${folder}/public.crt`);
  copyFileSync(key, `${folder}/private.key`);
}

async function listening(wanted: number | undefined, start: (address: string) => Promise<StartedProcess>): Promise<{ server: StartedProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const server = await start(`127.0.0.1:${port}`);
    try {
      // The last thing that it says: by then it serves.
      await server.waitForLine(/^API: /, 120_000);
      return { server, port };
    } catch (error) {
      await server[Symbol.asyncDispose]();
      if (wanted !== undefined || attempt === tries) throw error;
    }
  }
}
