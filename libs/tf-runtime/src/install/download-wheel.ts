import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { megabytes } from './prerequisites.js';
import { runTool } from './run-tool.js';
import type { PinnedWheel } from './wheel-pins.js';

const reportEveryMs = 2000;

/** What a download needs besides the wheel's pin. */
export interface DownloadOptions {
  readonly onProgress: (line: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches one wheel with pip into `directory` and returns its path. pip refuses a file whose SHA-256 is not the pinned one,
 * and follows the user's own proxy and index settings.
 * @throws LangevinError with pip's last lines when it fails.
 */
export async function downloadWheel(pin: PinnedWheel, directory: string, options: DownloadOptions): Promise<string> {
  const wheels = path.join(directory, 'wheel');
  const temporary = path.join(directory, 'tmp');
  for (const folder of [wheels, temporary]) mkdirSync(folder, { recursive: true });
  const requirements = path.join(directory, 'requirements.txt');
  writeFileSync(requirements, `${pin.packageName}==${pin.version} --hash=sha256:${pin.sha256}\n`);
  const progress = setInterval(() => {
    void bytesUnder(directory).then((bytes) => {
      if (bytes > 0) options.onProgress(`downloading ${pin.packageName}: ${megabytes(Math.min(bytes, pin.wheelBytes))} of ${megabytes(pin.wheelBytes)}`);
    });
  }, reportEveryMs);
  try {
    // pip's temporary files go to the disk whose free space was checked: /tmp is often a small one.
    const env = { ...options.env, TMPDIR: temporary };
    await runTool('python3', pipArguments(pin, wheels, requirements), { env, signal: options.signal });
  } finally {
    clearInterval(progress);
  }
  await rm(temporary, { recursive: true, force: true });
  const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new LangevinError('runtime_missing', `pip fetched no wheel of ${pin.packageName} ${pin.version} into ${wheels}`);
  return path.join(wheels, wheel);
}

function pipArguments(pin: PinnedWheel, wheels: string, requirements: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'],
    ...['--platform', pin.pipPlatform, '--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312'],
    ...['--no-cache-dir', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
    ...['--dest', wheels, '--requirement', requirements],
  ];
}

async function bytesUnder(directory: string): Promise<number> {
  let bytes = 0;
  try {
    for (const entry of await readdir(directory, { recursive: true })) bytes += (await stat(path.join(directory, entry))).size;
  } catch {
    // pip moves its files while they are counted; the next count sees them.
  }
  return bytes;
}
