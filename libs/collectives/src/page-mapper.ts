import { createRequire } from 'node:module';

/** Bytes of a page, the unit of what can be mapped. On systems with larger ones mapping is refused, and bytes are copied. */
export const mappedPageBytes = 4096;

/**
 * Puts pages of files in the place of pages of a memory. Whoever reads and writes that memory, the kernels or TensorFlow, then reads and
 * writes the file. Pages must belong to a WebAssembly memory and have been grown already: the engine makes them readable and writable
 * once, keeps them where they are, and gives the whole range back at the end, whatever lies there. All views start and end at pages.
 */
export interface PageMapper {
  /** Makes the file's bytes from the offset on this memory, for reading and writing. False when there is no room; nothing has changed then. */
  share(view: Uint8Array<SharedArrayBuffer>, fd: number, offset: number): boolean;
  /** Shows the file's bytes, which it must have. Writing to the view changes nothing but the view. False when that cannot be. */
  show(view: Uint8Array<SharedArrayBuffer>, fd: number, offset: number): boolean;
  /** Puts fresh memory there again. */
  clear(view: Uint8Array<SharedArrayBuffer>): void;
}

type Mmap = (address: Uint8Array | null, length: number, protection: number, flags: number, fd: number, offset: number) => number;
type Fallocate = (fd: number, mode: number, offset: number, length: number) => number;

// <asm-generic/mman-common.h>, as on all machines of the list below.
const [read, write] = [1, 2];
const [shared, isPrivate, fixed, anonymous, populate] = [0x01, 0x02, 0x10, 0x20, 0x8000];
const machines: readonly string[] = ['x64', 'arm64'];
const failed = -1;

let known: PageMapper | null | undefined;

/** The mapper of this system; null where there is none: not Linux, or koffi has no binary for it. */
export function pageMapper(): PageMapper | null {
  known ??= load();
  return known;
}

function load(): PageMapper | null {
  if (process.platform !== 'linux' || !machines.includes(process.arch)) return null;
  try {
    // The package is optional: its types are of no use without it.
    const koffi = createRequire(import.meta.url)('koffi') as { load(path: null): { func(definition: string): unknown } };
    const libc = koffi.load(null);
    const mmap = libc.func('intptr_t mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)') as Mmap;
    const fallocate = libc.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)') as Fallocate;
    return createMapper(mmap, fallocate);
  } catch {
    // Not installed, no binary for this C library, or symbols that are missing there: bytes are copied instead.
    return null;
  }
}

function createMapper(mmap: Mmap, fallocate: Fallocate): PageMapper {
  const map = (view: Uint8Array, protection: number, flags: number, fd: number, offset: number): boolean =>
    mmap(view, view.byteLength, protection, fixed | flags, fd, offset) !== failed;
  return {
    // A page that the file system has no room for would kill the process when it is touched: room is made first.
    share: (view, fd, offset) => fallocate(fd, 0, offset, view.byteLength) === 0 && map(view, read | write, shared | populate, fd, offset),
    // Private, for the engine makes all of its memory writable again when it grows, which a shared view of a file open for reading refuses.
    // Linux shows later writes to the file in pages that were not written to here.
    show: (view, fd, offset) => map(view, read, isPrivate | populate, fd, offset),
    clear: (view) => void map(view, read | write, isPrivate | anonymous, failed, 0),
  };
}
