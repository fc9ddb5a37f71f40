import type { PullProgress, PullResult } from '@langevin/client';
import { formatBytes } from './byte-text.js';
import type { Output } from './output.js';
import { ProgressBar } from './progress-bar.js';

/** A progress bar for a pull; for programs, none. */
export function pullProgress(output: Output): { show(progress: PullProgress): void; end(): void } {
  if (output.json) return { show: () => undefined, end: () => undefined };
  const bar = new ProgressBar('pulling');
  return {
    show: ({ bytes, totalBytes, file }) => bar.show(bytes, totalBytes, `${formatBytes(bytes)} of ${formatBytes(totalBytes)}  ${file}`),
    end: () => bar.end(),
  };
}

/** What a pull did, in one line. */
export function describePull(what: string, { directory, status, bytes, fetchedBytes }: PullResult): string {
  if (status === 'same') return `${directory} holds ${what} already, every byte verified`;
  const part = fetchedBytes < bytes ? ` (${formatBytes(fetchedBytes)} fetched)` : '';
  return `${directory}: ${what}, ${formatBytes(bytes)}${part}, every byte verified`;
}
