import type { ExchangeHost, HeldResult, OfferedPartial, StepBegin } from '@langevin/collectives';

interface Settle<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** A part of a state that was asked for. */
export interface PulledPart {
  readonly memberId: string;
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly into: Uint8Array<SharedArrayBuffer>;
}

/** The result of a step, as a spec makes it up: its digest follows from the step. */
export function resultOf(step: number, change: Partial<HeldResult> = {}): HeldResult {
  return { step, address: 64 * step, digest: `result ${step}`, norm: 2, finite: true, loss: step / 2, weightSum: 4, ...change };
}

/** An exchange whose results a spec brings. */
export class FakeExchange {
  readonly begun: StepBegin[] = [];
  readonly offered: OfferedPartial[] = [];
  readonly committed: number[] = [];
  /** Results that were asked of others. */
  readonly pulled: { readonly memberIds: readonly string[]; readonly step: number; readonly chain: string }[] = [];
  readonly parts: PulledPart[] = [];
  readonly #held = new Map<number, Settle<HeldResult>>();
  readonly #pulls: Settle<HeldResult>[] = [];
  readonly #parts: Settle<void>[] = [];

  /** What the code under test gets. */
  get host(): ExchangeHost {
    return this as unknown as ExchangeHost; // It calls what is here, and nothing else.
  }

  begin(begin: StepBegin): void {
    this.begun.push(begin);
  }

  offer(partial: OfferedPartial): void {
    this.offered.push(partial);
  }

  commit(step: number): void {
    this.committed.push(step);
  }

  held(step: number): Promise<HeldResult> {
    return new Promise((resolve, reject) => this.#held.set(step, { resolve, reject }));
  }

  pullResult(memberIds: readonly string[], step: number, chain: string): Promise<HeldResult> {
    this.pulled.push({ memberIds, step, chain });
    return new Promise((resolve, reject) => this.#pulls.push({ resolve, reject }));
  }

  pullPart(memberId: string, name: string, offset: number, length: number, into: Uint8Array<SharedArrayBuffer>): Promise<void> {
    this.parts.push({ memberId, name, offset, length, into });
    return new Promise((resolve, reject) => this.#parts.push({ resolve, reject }));
  }

  /** The result of a step is here. */
  async holds(step: number, result = resultOf(step)): Promise<void> {
    this.#held.get(step)?.resolve(result);
    await settled();
  }

  /** The result of a step will not come. */
  async gaveUp(step: number, error: Error): Promise<void> {
    this.#held.get(step)?.reject(error);
    await settled();
  }

  /** Answers the oldest result that was asked of others. */
  async found(result: HeldResult | Error): Promise<void> {
    const pull = this.#pulls.shift();
    if (result instanceof Error) pull?.reject(result);
    else pull?.resolve(result);
    await settled();
  }

  /** Answers every part of a state that was asked for: each byte is `value`. */
  async fetched(value: number | Error): Promise<void> {
    const parts = this.parts.slice(-this.#parts.length);
    for (const [index, { resolve, reject }] of this.#parts.splice(0).entries()) {
      if (value instanceof Error) reject(value);
      else {
        parts[index]!.into.fill(value); // As many as were asked for.
        resolve();
      }
    }
    await settled();
  }
}

/** Resolves when everything that follows from what has just been settled has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
