import { LangevinError } from '@langevin/contracts';
import { kernelsBase64 } from './gen/kernels.js';
import { mappedPageBytes, pageMapper } from './page-mapper.js';
import { SharedLock } from './shared-lock.js';

/** The functions of kernels.wat; addresses are byte offsets into the arena's memory. */
export interface Kernels {
  add(a: number, b: number, length: number): void;
  addTo(out: number, a: number, b: number, length: number): void;
  scale(a: number, length: number, factor: number): void;
  divide(a: number, length: number, divisor: number): void;
  divideTo(out: number, a: number, length: number, divisor: number): void;
  /** Divides, and returns `xxh64` and `sumSquares` of what came out, in one pass. */
  finish(out: number, a: number, length: number, divisor: number): readonly [digest: bigint, squares: number];
  /** The same of the sum of two. */
  addFinish(out: number, a: number, b: number, length: number, divisor: number): readonly [digest: bigint, squares: number];
  /** The same of (a + b) + (c + e). */
  add4Finish(out: number, a: number, b: number, c: number, e: number, length: number, divisor: number): readonly [digest: bigint, squares: number];
  sumSquares(a: number, length: number): number;
  /** XXH64 with seed 0, as a signed number. */
  xxh64(a: number, bytes: number): bigint;
  /** Checksum of data that travels. */
  checksum(a: number, bytes: number): number;
  copy(out: number, a: number, bytes: number): void;
}

const pageBytes = 65_536;
const maxPages = 65_536;
/** Addresses are kept in these units, so that 32 bits hold them. Vectors start at pages, which can be mapped. */
const lineBytes = 64;

/** Places in the shared header. Address 0 is no vector: the first page of the memory stays unused. */
const place = { lock: 0, end: 1, taken: 2, firstFree: 3, sharedEnd: 4 } as const;
const headerBytes = 20;
/** In the place `sharedEnd`: every vector lies in the file. */
const all = -1;

/** An arena, as it is posted to another thread of the same process. */
export interface SharedArenaHandle {
  readonly memory: WebAssembly.Memory;
  readonly header: SharedArrayBuffer;
  readonly length: number;
  /** The file whose pages the vectors are, so that other processes can read them at their address; null where there is none. */
  readonly file: ArenaFile | null;
}

/** A file, as all threads of the process know it. */
export interface ArenaFile {
  readonly fd: number;
  readonly file: string;
  readonly nonce: string;
}

/** A float32 vector in an arena. Its owner frees it, once; who is handed a vector becomes its owner. */
export interface Vector {
  readonly arena: VectorArena;
  /** Byte offset in the arena's memory. */
  readonly address: number;
  readonly floats: Float32Array<SharedArrayBuffer>;
  /** The same memory as bytes (float32 little-endian). */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Gives the memory back to the arena. Throws `internal` when that was done before. */
  free(): void;
}

/**
 * Float32 vectors of one length, side by side in one shared WebAssembly memory, where the kernels can reach them from every
 * thread that is attached to it. Memory grows when all vectors are taken (up to 4 GiB in all) and is kept for the next ones.
 */
export class VectorArena {
  readonly length: number;
  readonly kernels: Kernels;
  readonly handle: SharedArenaHandle;
  /** Bytes from one vector to the next. */
  readonly stride: number;
  readonly #memory: WebAssembly.Memory;
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #lock: SharedLock;

  /** Throws `invalid_argument` unless length is a whole number of at least one element. */
  constructor(length: number, handle?: SharedArenaHandle) {
    if (!Number.isInteger(length) || length < 1) {
      throw new LangevinError('invalid_argument', `a vector of ${length} elements cannot be reduced: it needs at least one`);
    }
    this.length = length;
    this.stride = wholePages(length * 4);
    this.handle = handle ?? createArena(length);
    this.#memory = this.handle.memory;
    this.#header = new Int32Array(this.handle.header);
    this.#lock = new SharedLock(this.#header, place.lock);
    this.kernels = instantiate(this.#memory);
  }

  /** The same arena in another thread. */
  static attach(handle: SharedArenaHandle): VectorArena {
    return new VectorArena(handle.length, handle);
  }

  /** How many vectors are taken and not freed, by all threads together. */
  get taken(): number {
    return Atomics.load(this.#header, place.taken);
  }

  /** The whole memory, as large as it is now. */
  get buffer(): SharedArrayBuffer {
    return this.#memory.buffer;
  }

  /** A vector of unspecified content. Throws `unsupported` when the memory cannot grow for it. */
  take(): Vector {
    return this.vectorAt(this.takeAddress());
  }

  /** A vector with a copy of these elements, which must be as many as the arena's vectors have. */
  takeCopy(elements: Float32Array): Vector {
    if (elements.length !== this.length) {
      throw new LangevinError('invalid_argument', `got a vector of ${elements.length} elements, the model has ${this.length}`);
    }
    const vector = this.take();
    vector.floats.set(elements);
    return vector;
  }

  /** Takes a vector as its bare address, which can be posted to another thread. */
  takeAddress(): number {
    return this.#lock.hold(() => {
      const free = this.#header[place.firstFree]!; // The header is longer.
      let address = (free >>> 0) * lineBytes;
      if (free === 0) address = this.#growVector();
      else this.#header[place.firstFree] = new Int32Array(this.buffer, address, 1)[0]!; // A free vector holds the next one's line.
      this.#header[place.taken]!++;
      return address;
    });
  }

  /** Gives back a vector that was taken as an address. */
  freeAddress(address: number): void {
    this.#lock.hold(() => {
      new Int32Array(this.buffer, address, 1)[0] = this.#header[place.firstFree]!; // The header is longer.
      this.#header[place.firstFree] = address / lineBytes;
      this.#header[place.taken]!--;
    });
  }

  /** Memory that is no vector and never given back: room to work in, whole pages that belong to nothing else. */
  reserve(bytes: number): number {
    return this.#lock.hold(() => this.#grow(wholePages(bytes)));
  }

  /** Whether a vector lies in the arena's file. */
  isShared(address: number): boolean {
    return address < (Atomics.load(this.#header, place.sharedEnd) >>> 0) * lineBytes;
  }

  /** Vectors that are made from now on, by whatever thread, lie in no file: it is about to be closed. */
  leaveFile(): void {
    this.#lock.hold(() => {
      if (this.#header[place.sharedEnd] === all) this.#header[place.sharedEnd] = this.#header[place.end]!; // The header is longer.
    });
  }

  /** The bytes from an address on; they stay where they are when the memory grows. */
  bytesAt(address: number, length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.#bufferTo(address + length), address, length);
  }

  /** A vector that was taken as an address, maybe by another thread: who calls becomes its owner. */
  vectorAt(address: number): Vector {
    const { length } = this;
    const floats = new Float32Array(this.#bufferTo(address + length * 4), address, length);
    let isFreed = false;
    const free = () => {
      if (isFreed) throw new LangevinError('internal', `the vector at ${address} was freed twice`);
      isFreed = true;
      this.freeAddress(address);
    };
    return { arena: this, address, floats, bytes: new Uint8Array(floats.buffer, address, length * 4), free };
  }

  /** Another thread's growth shows here only after the engine has been asked. */
  #bufferTo(end: number): SharedArrayBuffer {
    if (end > this.#memory.buffer.byteLength) this.#memory.grow(0);
    return this.#memory.buffer;
  }

  /** A new vector, in the file as long as that has room. Called with the lock held. */
  #growVector(): number {
    const address = this.#grow(this.stride);
    const { file } = this.handle;
    if (file && this.#header[place.sharedEnd] === all && !pageMapper()?.share(this.bytesAt(address, this.stride), file.fd, address)) {
      this.#header[place.sharedEnd] = address / lineBytes;
    }
    return address;
  }

  /** Called with the lock held. */
  #grow(bytes: number): number {
    const address = (this.#header[place.end]! >>> 0) * lineBytes; // The header is longer.
    const end = address + bytes;
    try {
      this.#memory.grow(0);
      const missing = Math.ceil(end / pageBytes) - this.#memory.buffer.byteLength / pageBytes;
      if (missing > 0) this.#memory.grow(missing);
    } catch (cause) {
      const message = `${this.taken + 1} vectors of ${this.length} elements need ${end} bytes at once; at most ${maxPages * pageBytes}, and what memory is free, can be had`;
      throw new LangevinError('unsupported', message, { cause });
    }
    this.#header[place.end] = end / lineBytes;
    return address;
  }
}

/** A new arena, whose vectors lie in the file if there is one and pages can be mapped. */
export function createArena(length: number, file: ArenaFile | null = null): SharedArenaHandle {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maxPages, shared: true });
  const header = new SharedArrayBuffer(headerBytes);
  const cells = new Int32Array(header);
  cells[place.end] = mappedPageBytes / lineBytes;
  // The first page as well: what its file begins with is not for the arena, but found there.
  const isShared = file !== null && pageMapper()?.share(new Uint8Array(memory.buffer, 0, mappedPageBytes), file.fd, 0);
  cells[place.sharedEnd] = isShared ? all : 0;
  return { memory, header, length, file };
}

function wholePages(bytes: number): number {
  return Math.ceil(bytes / mappedPageBytes) * mappedPageBytes;
}

function instantiate(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { reducer: { memory } });
  // The exports of kernels.wat, whose signatures the interface repeats.
  return exports as unknown as Kernels;
}
