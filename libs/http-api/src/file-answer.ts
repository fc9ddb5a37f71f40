/** Bytes as an answer. */
export interface FileAnswer {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  readonly size: number;
  /** Name under which a browser saves it; without one the browser may show it. */
  readonly downloadAs?: string;
  /** The address will always mean these bytes. */
  readonly isImmutable: boolean;
}

/** Headers of a file. */
export function fileHeaders(mediaType: string, { size, downloadAs, isImmutable }: FileAnswer): Readonly<Record<string, string>> {
  return {
    'Content-Type': mediaType,
    'Content-Length': String(size),
    'Cache-Control': isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
    ...(downloadAs !== undefined && { 'Content-Disposition': `attachment; filename="${downloadAs.replace(/[^A-Za-z0-9._-]/g, '_')}"` }),
  };
}
