import { Worker } from 'node:worker_threads';

/** Bytes that go to the thread at a time, and how many such slots travel to and fro. */
const slotBytes = 1 << 20;
const slotCount = 8;

/**
 * What the thread runs. Its text is here because it must run from sources and from a built package alike. A message of two numbers is a
 * slot and how much of it to hash, and the slot is the answer; `true` asks for the digest, and `false` begins anew.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
let hash = createHash('sha256');
parentPort.on('message', (message) => {
  if (typeof message === 'boolean') {
    if (message) parentPort.postMessage(hash.digest('hex'));
    hash = createHash('sha256');
  } else {
    const [slot, length] = message;
    hash.update(new Uint8Array(workerData.memory, slot * workerData.slotBytes, length));
    parentPort.postMessage(slot);
  }
});
`;

/** Threads that nobody uses now. They keep no process alive. */
const idle: HashThread[] = [];
const mostIdle = 2;

/**
 * A sha256 that is computed in a thread of its own, while the caller gets, or sends, the next bytes. Worth it from some MiB on. Disposing
 * it before `digest` gives the thread back all the same.
 */
export class BackgroundHash implements Disposable {
  readonly #thread: HashThread;
  #isOver = false;

  constructor() {
    this.#thread = idle.pop() ?? new HashThread();
    this.#thread.hold();
  }

  /** Takes in the next bytes; they may be overwritten when it resolves. One call at a time. */
  update(bytes: Uint8Array): Promise<void> {
    return this.#thread.update(bytes);
  }

  /** The digest of all that came, in lower-case hexadecimal digits. Nothing may follow. */
  async digest(): Promise<string> {
    const digest = await this.#thread.digest();
    this.#end(true);
    return digest;
  }

  [Symbol.dispose](): void {
    this.#end(false);
  }

  #end(isClean: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // Slots of an abandoned hash are still under way: such a thread is not used again.
    if (isClean && idle.length < mostIdle) this.#thread.rest();
    else this.#thread.end();
  }
}

class HashThread {
  readonly #memory = new SharedArrayBuffer(slotBytes * slotCount);
  readonly #worker = new Worker(program, { eval: true, workerData: { memory: this.#memory, slotBytes } });
  readonly #free: number[] = Array.from({ length: slotCount }, (_, index) => index);
  #filled = 0;
  #digest: string | undefined;
  #wake: () => void = () => undefined;
  #failure: Error | undefined;

  constructor() {
    this.#worker.on('message', (answer: number | string) => {
      if (typeof answer === 'number') this.#free.push(answer);
      else this.#digest = answer;
      this.#wake();
    });
    this.#worker.on('error', (error) => this.#fail(error));
  }

  async update(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; ) {
      while (this.#free.length === 0) await this.#answer();
      const piece = bytes.subarray(at, at + slotBytes - this.#filled);
      new Uint8Array(this.#memory).set(piece, (this.#free[0] ?? 0) * slotBytes + this.#filled);
      this.#filled += piece.byteLength;
      at += piece.byteLength;
      if (this.#filled === slotBytes) this.#send();
    }
  }

  async digest(): Promise<string> {
    if (this.#filled > 0) this.#send();
    this.#worker.postMessage(true);
    while (this.#digest === undefined) await this.#answer();
    const digest = this.#digest;
    this.#digest = undefined;
    return digest;
  }

  hold(): void {
    this.#worker.ref();
  }

  rest(): void {
    this.#worker.unref();
    idle.push(this);
  }

  end(): void {
    this.#fail(new Error('the hash was disposed of while it was in use'));
    void this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  #send(): void {
    this.#worker.postMessage([this.#free.shift(), this.#filled]);
    this.#filled = 0;
  }

  /** Waits for the thread to say something. */
  async #answer(): Promise<void> {
    if (this.#failure === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }
}
