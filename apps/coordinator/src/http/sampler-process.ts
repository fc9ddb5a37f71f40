import { LangevinError, type ErrorCode, type SamplerName } from '@langevin/contracts';
import { startService, type RunningService } from '@langevin/processes';

/** Which weights: those of a checkpoint, read from the store by the sampler itself. */
export interface SamplerModel {
  readonly run: string;
  readonly step: number;
}

/** What a sampler is asked to draw. */
export interface DrawRequest {
  readonly id: string;
  readonly denoiser: SamplerModel;
  readonly classifier?: SamplerModel;
  readonly classifierScale?: number;
  /** The class of each image; null: images of no class, `count` of them. */
  readonly labels: readonly number[] | null;
  readonly count: number;
  /** Whether each run of `columns` images draws from the same noise: then an image's noise follows from its column. */
  readonly sharedNoise: boolean;
  readonly columns: number;
  /** Pixels between and around the images of the picture. */
  readonly gap: number;
  /** Left out: what the sampler takes by itself. */
  readonly guidanceScale?: number;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly seed: number;
}

/** What a sampler says. */
export type SamplerReply =
  | { readonly kind: 'progress'; readonly id: string; readonly progress: number }
  | { readonly kind: 'drawn'; readonly id: string; readonly png: string; readonly imageShape: readonly [number, number, number] }
  | { readonly kind: 'refused'; readonly id: string; readonly code: ErrorCode; readonly message: string };

/** A picture that was drawn. */
export interface Drawn {
  readonly png: Uint8Array;
  readonly imageShape: readonly [number, number, number];
}

/** How a sampler is started. */
export interface SamplerOptions {
  /** Module that runs it. */
  readonly module: string;
  /** Environment that its tensor runtime has to start with. */
  readonly env: Readonly<Record<string, string>>;
  /** Location of the store. */
  readonly store: string;
  /** File for its output. */
  readonly output: string | 'inherit';
}

interface Waiting {
  readonly resolve: (drawn: Drawn) => void;
  readonly reject: (error: LangevinError) => void;
  readonly onProgress: (progress: number) => void;
}

/** A sampler has nothing to put away, and may be deep in arithmetic, last in the line for a processor. */
const goodbyeMs = 100;

/** A sampler in a process of its own, which starts when it is first asked and again after it has died. */
export class SamplerProcess implements AsyncDisposable {
  readonly #options: SamplerOptions;
  #service: Promise<RunningService> | null = null;
  #isClosed = false;
  #waiting: { readonly id: string; readonly call: Waiting } | null = null;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /**
   * Draws; one request at a time.
   * @throws LangevinError what the sampler refuses it with; `cancelled`; `unavailable` when its process dies
   */
  async draw(request: DrawRequest, onProgress: (progress: number) => void): Promise<Drawn> {
    const service = await this.#started();
    return new Promise((resolve, reject) => {
      this.#waiting = { id: request.id, call: { resolve, reject, onProgress } };
      service.send({ kind: 'draw', ...request });
    });
  }

  /** Ends the request after the step under way. */
  cancel(id: string): void {
    void this.#service?.then((service) => service.send({ kind: 'cancel', id }), () => undefined); // What never started has nothing to end.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const service = await this.#service?.catch(() => null); // Nothing to stop.
    await service?.stop();
  }

  #started(): Promise<RunningService> {
    // Whoever still has something to draw would start another one, which outlives the coordinator.
    if (this.#isClosed) return Promise.reject(new LangevinError('unavailable', 'the sampler ended: the coordinator is shutting down'));
    this.#service ??= this.#start().catch((error: unknown) => {
      this.#service = null;
      throw error;
    });
    return this.#service;
  }

  async #start(): Promise<RunningService> {
    const { module, env, store, output } = this.#options;
    const onMessage = (message: unknown): void => this.#hear(message as SamplerReply); // The child is one of ours.
    const service = await startService({ name: 'sampler', module, args: ['--store', store], env, output, onMessage, stopLimitMs: goodbyeMs });
    void service.ended.then((error) => {
      this.#service = null;
      const lost = this.#waiting;
      this.#waiting = null;
      lost?.call.reject(new LangevinError('unavailable', `the sampler ended: ${error?.message ?? 'it was stopped'}`));
    });
    return service;
  }

  #hear(reply: SamplerReply): void {
    const waiting = this.#waiting;
    if (!waiting || waiting.id !== reply.id) return;
    if (reply.kind === 'progress') return waiting.call.onProgress(reply.progress);
    this.#waiting = null;
    if (reply.kind === 'refused') waiting.call.reject(new LangevinError(reply.code, reply.message));
    else waiting.call.resolve({ png: Buffer.from(reply.png, 'base64'), imageShape: reply.imageShape });
  }
}
