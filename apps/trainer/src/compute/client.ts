import { Worker } from 'node:worker_threads';
import { LangevinError, type ErrorCode } from '@langevin/contracts';
import type { ComputeAnswers, ComputeCall, ComputeReply, ComputeRequest } from './protocol.js';

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/**
 * The compute thread, seen from the main thread: TensorFlow runs over there, so that heartbeats here never wait for it.
 * Buffers in a request are moved, not copied: do not touch them afterwards.
 */
export class ComputeClient implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended: LangevinError | null = null;
  readonly #failed = new AbortController();
  /** Grows whenever the compute thread finishes something. */
  progress = 0;

  constructor() {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url));
    this.#worker.on('message', (reply: ComputeReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(new LangevinError('internal', `compute thread failed: ${error.message}`, { cause: error })));
    this.#worker.on('exit', (code) => this.#end(new LangevinError('internal', `compute thread ended with code ${code}`)));
  }

  /** Aborted, with the error as its reason, when the compute thread has ended: nothing can be computed any more. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Asks for `request`; rejects with the compute thread's own error. Requests run in order. */
  async ask<K extends ComputeRequest['kind']>(request: Extract<ComputeRequest, { kind: K }>): Promise<ComputeAnswers[K]> {
    return (await this.askTimed(request)).value;
  }

  /** As `ask`, with how long it took the compute thread, in milliseconds, waiting for its turn aside. */
  askTimed<K extends ComputeRequest['kind']>(request: Extract<ComputeRequest, { kind: K }>): Promise<{ readonly value: ComputeAnswers[K]; readonly ms: number }> {
    if (this.#ended) return Promise.reject(this.#ended);
    const call: ComputeCall = { id: this.#nextId++, request };
    return new Promise((resolve, reject) => {
      this.#waiting.set(call.id, { resolve, reject });
      this.#worker.postMessage(call, buffersOf(request));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new LangevinError('cancelled', 'the compute thread was stopped'));
    await this.#worker.terminate();
  }

  #settle(reply: ComputeReply): void {
    this.progress++;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    // The worker answers each kind with that kind's value, so the pending promise's type fits.
    if (reply.ok) waiting?.resolve({ value: reply.value, ms: reply.ms } as never);
    else waiting?.reject(new LangevinError(reply.code as ErrorCode, reply.message));
  }

  #end(error: LangevinError): void {
    this.#ended ??= error;
    this.#failed.abort(this.#ended);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

/** The buffers that move with a request. Pulled content is shared with nobody, so it may move as well. */
function buffersOf(request: ComputeRequest): ArrayBuffer[] {
  if (request.kind !== 'stage') return [];
  const { images, labels, weights } = request.leaf;
  return [images, labels, weights].map((array) => array.buffer).filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
