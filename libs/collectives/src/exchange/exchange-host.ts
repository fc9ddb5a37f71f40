import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { LangevinError } from '@langevin/contracts';
import { pageMapper } from '../page-mapper.js';
import { createArena, VectorArena } from '../vector-arena.js';
import type { SharedArenaHandle } from '../vector-arena.js';
import type { OfferedPartial, StepBegin } from './engine.js';
import type { ExchangeEndpoints, ExchangeMember } from './exchange-member.js';
import type { ExchangeEvents, ExchangeJob, ExchangeOptions, ExchangeIdentity } from './exchange-options.js';
import type { HeldResult } from './held-result.js';
import { SegmentFile } from './segment.js';
import { hasSharedMemory } from './shared-memory-files.js';
import type { ExchangeAnswers, ExchangeCall, ExchangeMessage } from './thread-protocol.js';

type Answered = Extract<ExchangeCall, { id: number }>;
type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/** What the host tells besides what happens on links. */
export interface ExchangeHostEvents extends ExchangeEvents {
  /** The exchange cannot go on, or was told what cannot be. @default nobody is told; what waits is rejected */
  onFailed?(error: LangevinError): void;
}

/**
 * The exchange thread, seen from the main thread: bulk data and reductions never hold up who calls it. Calls take effect in
 * order.
 */
export class ExchangeHost implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #events: ExchangeHostEvents;
  readonly #sharesMemory: boolean;
  readonly #waiting = new Map<number, Waiting>();
  readonly #calls: ExchangeCall[] = [];
  #nextId = 1;
  #ended: LangevinError | null = null;
  #endpoints: ExchangeEndpoints = { tcp: null, shm: null, grpc: null };

  /** The arena of the open job and its file, when that can be mapped. */
  #shared: { readonly arena: VectorArena; readonly file: SegmentFile } | null = null;

  private constructor(events: ExchangeHostEvents, sharesMemory: boolean) {
    this.#sharesMemory = sharesMemory;
    this.#events = events;
    this.#worker = startThread();
    this.#worker.on('message', (message: ExchangeMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(new LangevinError('internal', `exchange thread failed: ${error.message}`, { cause: error })));
    this.#worker.on('exit', (code) => this.#end(new LangevinError('internal', `exchange thread ended with code ${code}`)));
  }

  /** Starts the thread, which listens where it is told to. Rejects with `address_in_use`. */
  static async start(options: ExchangeOptions & ExchangeHostEvents): Promise<ExchangeHost> {
    const { onTrouble, onRecovered, onFailed, ...rest } = options;
    const host = new ExchangeHost({ onTrouble, onRecovered, ...(onFailed ? { onFailed } : {}) }, (options.transports ?? ['shm']).includes('shm'));
    try {
      host.#endpoints = await host.#ask({ kind: 'start', options: rest });
      return host;
    } catch (thrown) {
      await host[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** Where peers reach this process. */
  get endpoints(): ExchangeEndpoints {
    return this.#endpoints;
  }

  /** Begins a job, in place of the one before. Returns the arena in which partial sums are offered and results lie. */
  openJob(job: ExchangeJob): SharedArenaHandle {
    this.#leaveFile();
    const file = this.#sharesMemory && hasSharedMemory() && pageMapper() ? new SegmentFile() : null;
    const handle = createArena(job.elements, file && { fd: file.fd, file: file.file, nonce: file.nonce });
    if (file) this.#shared = { arena: VectorArena.attach(handle), file };
    this.#tell({ kind: 'openJob', job, arena: handle });
    return handle;
  }

  /** Ends the job: what waits for its steps is rejected. */
  closeJob(): void {
    this.#tell({ kind: 'closeJob' });
    this.#leaveFile();
  }

  /** All who take part now: they are dialled and kept in touch with. */
  setMembers(members: readonly ExchangeMember[]): void {
    this.#tell({ kind: 'setMembers', members });
  }

  /** In which cluster, and under which term and id, this process is known from now on. */
  identify(as: ExchangeIdentity): void {
    this.#tell({ kind: 'identify', as });
  }

  /** Begins a step, or replaces its plan by one of a higher generation. */
  begin(begin: StepBegin): void {
    this.#tell({ kind: 'begin', begin });
  }

  /** A subtree of this process is finished; its vector belongs to the exchange from now on. */
  offer(partial: OfferedPartial): void {
    this.#tell({ kind: 'offer', partial });
  }

  /** The whole gradient of a step, once it is here. Rejects when the step cannot be finished. */
  held(step: number): Promise<HeldResult> {
    return this.#ask({ kind: 'held', step });
  }

  /** Everybody holds the step: its partial sums are freed, its result is kept for joiners. */
  commit(step: number): void {
    this.#tell({ kind: 'commit', step });
  }

  /** Lets others pull these bytes, which must not change until `drop`; bytes over shared memory are not copied. */
  put(name: string, content: readonly Uint8Array[]): void {
    this.#tell({ kind: 'put', name, content });
  }

  drop(name: string): void {
    this.#tell({ kind: 'drop', name });
  }

  /** Fills `into` with `length` bytes of what another member has put, from the offset on. */
  async pullPart(memberId: string, name: string, offset: number, length: number, into: Uint8Array<SharedArrayBuffer>): Promise<void> {
    if (into.byteLength !== length) throw new LangevinError('invalid_argument', `${length} bytes of ${name} were to be pulled into ${into.byteLength}`);
    await this.#ask({ kind: 'pullPart', memberId, name, offset, into });
  }

  /** The result of a step that others hold, from all of them at once. Rejects with `content_missing` when none does. */
  pullResult(memberIds: readonly string[], step: number, chain: string): Promise<HeldResult> {
    return this.#ask({ kind: 'pullResult', memberIds, step, chain });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.#ask({ kind: 'stop' }).catch(ignoreEnd);
    this.#end(new LangevinError('cancelled', 'the exchange was stopped'));
    await this.#worker.terminate();
    this.#leaveFile();
  }

  /** Who has the file open still reads it: it goes with the last of them. */
  #leaveFile(): void {
    this.#shared?.arena.leaveFile();
    this.#shared?.file[Symbol.dispose]();
    this.#shared = null;
  }

  #tell(call: Exclude<ExchangeCall, Answered>): void {
    if (!this.#ended) this.#post(call);
  }

  /** What is called in one go wakes the thread once. */
  #post(call: ExchangeCall): void {
    if (this.#calls.push(call) === 1) queueMicrotask(() => this.#worker.postMessage(this.#calls.splice(0)));
  }

  #ask<K extends Answered['kind']>(call: Omit<Extract<Answered, { kind: K }>, 'id'> & { readonly kind: K }): Promise<ExchangeAnswers[K]> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // The call's kind and what belongs to it, as asked for above.
      this.#post({ ...call, id } as unknown as ExchangeCall);
    });
  }

  #receive(message: ExchangeMessage): void {
    switch (message.kind) {
      case 'trouble':
        return this.#events.onTrouble(message.memberId, message.problem, message.code);
      case 'recovered':
        return this.#events.onRecovered(message.memberId);
      case 'refused':
        return this.#events.onFailed?.(new LangevinError(message.code, message.message));
      case 'answer':
        // The thread answers each call with that call's value, so the pending promise's type fits.
        this.#waiting.get(message.id)?.resolve(message.value as never);
        break;
      case 'failure':
        this.#waiting.get(message.id)?.reject(new LangevinError(message.code, message.message));
        break;
    }
    this.#waiting.delete(message.id);
  }

  #end(error: LangevinError): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (error.code !== 'cancelled') this.#events.onFailed?.(error);
  }
}

/**
 * What gRPC and TLS read and write lies outside of V8's heap, but counts: with the small limit that a small heap earns, V8 looks for
 * garbage in all of it at every step. The flag is read when a heap is made.
 */
function startThread(): Worker {
  setFlagsFromString('--initial-old-space-size=256');
  const worker = new Worker(new URL('./exchange-thread.js', import.meta.url));
  worker.once('online', () => setFlagsFromString('--initial-old-space-size=0'));
  return worker;
}

function ignoreEnd(): void {
  // The thread has ended by itself: it is stopped.
}
