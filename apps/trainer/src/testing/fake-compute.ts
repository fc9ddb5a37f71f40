import type { ComputeClient } from '../compute/client.js';
import type { ComputeAnswers, ComputeRequest } from '../compute/protocol.js';

type Kind = ComputeRequest['kind'];

/** A request that waits for its answer. */
interface Asked {
  readonly request: ComputeRequest;
  readonly settle: (answer: Promise<{ value: never; ms: number }>) => void;
}

/** A compute thread that a spec answers for, request by request; leaves are staged at once. */
export class FakeCompute {
  /** Every request so far, in order. */
  readonly asked: ComputeRequest[] = [];
  readonly #waiting: Asked[] = [];
  #wake: () => void = () => undefined;

  /** What the code under test gets. */
  get client(): ComputeClient {
    return this as unknown as ComputeClient; // It asks, and does nothing else with it.
  }

  async ask(request: ComputeRequest): Promise<unknown> {
    return (await this.askTimed(request)).value;
  }

  askTimed(request: ComputeRequest): Promise<{ readonly value: unknown; readonly ms: number }> {
    this.asked.push(request);
    // Nothing of a step waits for it.
    if (request.kind === 'stage') return Promise.resolve({ value: null, ms: 0 });
    return new Promise((resolve) => {
      this.#waiting.push({ request, settle: resolve });
      this.#wake();
    });
  }

  /** The oldest request without an answer, which must be of this kind; waits until there is one. */
  async next<K extends Kind>(kind: K): Promise<Extract<ComputeRequest, { kind: K }>> {
    while (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const { request } = this.#waiting[0]!; // Waited for.
    if (request.kind !== kind) throw new Error(`waited for ${kind}, but ${request.kind} was asked`);
    return request as Extract<ComputeRequest, { kind: K }>; // Just compared.
  }

  /** Answers the oldest request, which must be of this kind. */
  async answer<K extends Kind>(kind: K, value: ComputeAnswers[K], ms = 1): Promise<Extract<ComputeRequest, { kind: K }>> {
    const request = await this.next(kind);
    this.#waiting.shift()!.settle(Promise.resolve({ value: value as never, ms })); // The spec says what the kind is answered with.
    return request;
  }

  /** Lets the oldest request fail. */
  async fail(kind: Kind, error: Error): Promise<void> {
    await this.next(kind);
    this.#waiting.shift()!.settle(Promise.reject(error));
  }

  /** Kinds of the requests that wait. */
  get waiting(): Kind[] {
    return this.#waiting.map(({ request }) => request.kind);
  }
}
