import { LangevinError } from '@langevin/contracts';
import { kernelsBase64 } from './gen/kernels.js';

/** The functions of kernels.wat; addresses are byte offsets into the arena's memory. */
export interface Kernels {
  add(a: number, b: number, length: number): void;
  scale(a: number, length: number, factor: number): void;
  divide(a: number, length: number, divisor: number): void;
  sumSquares(a: number, length: number): number;
}

const pageBytes = 65_536;
const maxPages = 65_536;

/** A float32 vector in an arena. Its owner frees it, once; who is handed a vector becomes its owner. */
export interface Vector {
  readonly arena: VectorArena;
  /** Byte offset in the arena's memory. */
  readonly address: number;
  /** The elements. A view that the arena's next `take` may detach: read it anew instead of keeping it. */
  readonly floats: Float32Array<ArrayBuffer>;
  /** The same memory as bytes (float32 little-endian), under the same condition. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Gives the memory back to the arena. Throws `internal` when that was done before. */
  free(): void;
}

/**
 * Float32 vectors of one length, side by side in one WebAssembly memory, where the kernels can reach them. Memory grows
 * when all vectors are taken (up to 4 GiB in all) and is kept for the next ones.
 */
export class VectorArena {
  readonly length: number;
  readonly kernels: Kernels;
  readonly #memory = new WebAssembly.Memory({ initial: 0, maximum: maxPages });
  readonly #stride: number;
  readonly #free: number[] = [];
  #end = 0;
  #taken = 0;

  /** Throws `invalid_argument` unless length is a whole number of at least one element. */
  constructor(length: number) {
    if (!Number.isInteger(length) || length < 1) {
      throw new LangevinError('invalid_argument', `a vector of ${length} elements cannot be reduced: it needs at least one`);
    }
    this.length = length;
    // Vectors start at cache lines.
    this.#stride = Math.ceil((length * 4) / 64) * 64;
    this.kernels = instantiate(this.#memory);
  }

  /** How many vectors are taken and not freed. */
  get taken(): number {
    return this.#taken;
  }

  /** A vector of unspecified content. Throws `unsupported` when the memory cannot grow for it. */
  take(): Vector {
    const address = this.#free.pop() ?? this.#grow();
    this.#taken++;
    return this.#vectorAt(address);
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

  #vectorAt(address: number): Vector {
    const { length } = this;
    const buffer = () => this.#memory.buffer;
    let isFreed = false;
    const free = () => {
      if (isFreed) throw new LangevinError('internal', `the vector at ${address} was freed twice`);
      isFreed = true;
      this.#taken--;
      this.#free.push(address);
    };
    return {
      arena: this,
      address,
      get floats() {
        return new Float32Array(buffer(), address, length);
      },
      get bytes() {
        return new Uint8Array(buffer(), address, length * 4);
      },
      free,
    };
  }

  #grow(): number {
    const address = this.#end;
    const end = address + this.#stride;
    const missing = Math.ceil(end / pageBytes) - this.#memory.buffer.byteLength / pageBytes;
    try {
      if (missing > 0) this.#memory.grow(missing);
    } catch (cause) {
      const message = `${this.#taken + 1} vectors of ${this.length} elements need ${end} bytes at once; at most ${maxPages * pageBytes}, and what memory is free, can be had`;
      throw new LangevinError('unsupported', message, { cause });
    }
    this.#end = end;
    return address;
  }
}

function instantiate(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { reducer: { memory } });
  // The exports of kernels.wat, whose signatures the interface repeats.
  return exports as unknown as Kernels;
}
