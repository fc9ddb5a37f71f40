import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { cacheFolder, makeOnce } from './cache-folder.js';
import { installCommand } from './minio-binary.js';
import { motoRequirements } from './moto-requirements.js';
import { runCommand } from './run-command.js';
import { s3TestServer, type S3TestServer } from './s3-test-server.js';
import { startProcess } from './start-process.js';

/**
 * Installs moto, a second S3 server, independent of MinIO, into an environment of its own in Langevin's cache, unless it is
 * there: 140 MB.
 * @throws LangevinError `unsupported` without Python 3 and its venv module
 */
export async function installMoto(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = motoFolder(env);
  const mend = 'moto needs Python 3.10 or newer with the venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv), then run it again';
  await makeOnce(folder, async (draft) => {
    say('installing the S3 server moto with pip (once) …');
    const requirements = join(draft, 'requirements.txt');
    writeFileSync(requirements, motoRequirements);
    await runCommand('python3', ['-m', 'venv', draft], { env, mend });
    await runCommand(join(draft, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', requirements], { env, mend });
  });
  return folder;
}

/** Starts a real moto server. It keeps everything in memory, and lets in any credentials. */
export async function startMoto(options: { readonly buckets?: readonly string[] } = {}): Promise<S3TestServer> {
  const folder = motoFolder(process.env);
  if (!existsSync(folder)) throw new LangevinError('unsupported', `there is no moto in ${folder}; install it with: ${installCommand}`);
  // By module: the scripts of the environment hold the path that it was made at.
  const server = await startProcess(join(folder, 'bin/python'), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], { env: { PYTHONUNBUFFERED: '1' } });
  const dispose = (): Promise<void> => Promise.resolve(server[Symbol.asyncDispose]());
  try {
    const [, endpoint = ''] = await server.waitForLine(/Running on (http:\/\/127\.0\.0\.1:\d+)/, 120_000);
    return await s3TestServer(endpoint, { accessKey: 'test', secretKey: 'test-secret' }, server, dispose, options.buckets ?? []);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Named after what it holds, so that another list makes another one. */
function motoFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'moto', createHash('sha256').update(motoRequirements).digest('hex').slice(0, 12));
}
