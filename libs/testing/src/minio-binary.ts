import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { cacheFolder, makeOnce } from './cache-folder.js';
import { runCommand } from './run-command.js';

/** The last version of the MinIO server whose source is free. Its makers publish no binaries: it is built. */
const minioVersion = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/** From 1.21 on Go fetches a newer one by itself where a module asks for it. */
const neededGo = '1.21';

/** What installs the servers that specs talk to. */
export const installCommand = 'npm run setup:stores';

/**
 * Builds the MinIO server into Langevin's cache, unless it is there: some minutes and 1.5 GB of Go modules and objects, once.
 * @returns path of the binary
 * @throws LangevinError `unsupported` without Go
 */
export async function installMinio(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = minioFolder(env);
  const mend = `MinIO needs Go ${neededGo} or newer: see https://go.dev/doc/install (Debian 13, Ubuntu: sudo apt-get install golang-go), then run it again`;
  await makeOnce(folder, async (draft) => {
    say(`building the MinIO server ${minioVersion} with go install (some minutes, once) …`);
    await runCommand('go', ['install', '-trimpath', '-ldflags', '-s -w', `github.com/minio/minio@${minioVersion}`], {
      // Outside of any module, and linked to no library of this system.
      env: { ...env, GOBIN: draft, CGO_ENABLED: '0', GOFLAGS: '' },
      cwd: draft,
      mend,
    });
  });
  return join(folder, 'minio');
}

/** Path of the MinIO server. @throws LangevinError `unsupported` when it has not been built */
export function minioBinary(env: NodeJS.ProcessEnv = process.env): string {
  const binary = join(minioFolder(env), 'minio');
  if (existsSync(binary)) return binary;
  throw new LangevinError('unsupported', `there is no MinIO server in ${minioFolder(env)}; build it with: ${installCommand}`);
}

function minioFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'minio', `${minioVersion}-${process.platform}-${process.arch}`);
}
