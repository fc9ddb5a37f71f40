import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One file of the dashboard, in memory. */
export interface DashboardFile {
  readonly bytes: Buffer;
  /** The same, compressed; null where that is no smaller. */
  readonly gzip: Buffer | null;
  readonly mediaType: string;
  readonly etag: string;
  /** Whether its name holds a digest of its content. */
  readonly isImmutable: boolean;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the built dashboard once. A request names a key of this map and never a path: there is nothing to climb out of.
 * @returns files by URL path; empty when the folder is not there
 */
export function readDashboard(folder: string): ReadonlyMap<string, DashboardFile> {
  const files = new Map<string, DashboardFile>();
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const mediaType = mediaTypes[extname(entry.name)];
    if (!entry.isFile() || mediaType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(url, readOne(path, mediaType, url));
  }
  return files;
}

function readOne(path: string, mediaType: string, url: string): DashboardFile {
  const bytes = readFileSync(path);
  const gzip = /text|json|svg/.test(mediaType) ? gzipSync(bytes) : null;
  return {
    bytes,
    gzip: gzip && gzip.length < bytes.length ? gzip : null,
    mediaType,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
    isImmutable: url.startsWith('/assets/'),
  };
}
