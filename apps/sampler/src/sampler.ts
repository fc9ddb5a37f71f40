import { openCheckpoint, openClassifier, type DiffusionModel, type NoisyClassifier, type Samples } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import type { DrawCommand, SamplerCommand } from './commands.js';
import { encodePng } from './encode-png.js';

/** What a sampler works with. */
export interface SamplerTools {
  /** Location of the store. */
  readonly store: string;
  /** Tells the parent. */
  readonly tell: (message: object) => void;
  readonly log: (line: string) => void;
}

/** Draws pictures of checkpoints, one after the other, and keeps the model of the last one. */
export class Sampler {
  readonly #tools: SamplerTools;
  #turn: Promise<void> = Promise.resolve();
  #cancelled: { readonly id: string; readonly controller: AbortController } | null = null;
  #model: { readonly key: string; readonly model: DiffusionModel } | null = null;
  #classifier: { readonly key: string; readonly classifier: NoisyClassifier } | null = null;

  constructor(tools: SamplerTools) {
    this.#tools = tools;
  }

  /** Takes a command: pictures wait for their turn, cancelling does not. */
  hear(command: SamplerCommand): void {
    if (command.kind === 'draw') this.#turn = this.#turn.then(() => this.#answer(command));
    else if (this.#cancelled?.id === command.id) this.#cancelled.controller.abort();
  }

  async #answer(command: DrawCommand): Promise<void> {
    const { id } = command;
    const controller = new AbortController();
    this.#cancelled = { id, controller };
    try {
      const samples = await this.#draw(command, controller.signal);
      const png = Buffer.from(encodePng(samples, command)).toString('base64');
      this.#tools.tell({ kind: 'drawn', id, png, imageShape: samples.imageShape });
    } catch (thrown) {
      const { code, message } = LangevinError.from(thrown);
      this.#tools.tell({ kind: 'refused', id, code, message });
    }
  }

  async #draw(command: DrawCommand, signal: AbortSignal): Promise<Samples> {
    const model = await this.#open(command);
    const { columns, count, sharedNoise } = command;
    if (!sharedNoise) return this.#drawRow(model, command, command.labels, count, signal, 0, 1);
    // A row at a time: the noise of an image follows from its place in the call.
    const rows: Samples[] = [];
    for (let first = 0; first < count; first += columns) {
      rows.push(await this.#drawRow(model, command, command.labels?.slice(first, first + columns) ?? null, columns, signal, first / columns, count / columns));
    }
    const images = new Float32Array(rows.reduce((sum, row) => sum + row.images.length, 0));
    let at = 0;
    for (const row of rows) {
      images.set(row.images, at);
      at += row.images.length;
    }
    const [first] = rows;
    if (!first) throw new LangevinError('invalid_argument', 'there is nothing to draw: 0 images');
    return { images, imageShape: first.imageShape };
  }

  async #drawRow(model: DiffusionModel, command: DrawCommand, labels: readonly number[] | null, count: number, signal: AbortSignal, row: number, rows: number): Promise<Samples> {
    const { id, guidanceScale, classifierScale, sampler, steps, seed } = command;
    const classifier = command.classifier && (await this.#openClassifier(command.classifier));
    return model.sample({
      ...(labels === null ? { count } : { labels }),
      ...(labels !== null && guidanceScale !== undefined && { guidanceScale }),
      ...(classifier && { classifier, ...(classifierScale !== undefined && { classifierScale }) }),
      sampler,
      steps,
      seed,
      signal,
      onProgress: (progress) => this.#tools.tell({ kind: 'progress', id, progress: (row + progress.steps / progress.totalSteps) / rows }),
    });
  }

  async #open({ denoiser: { run, step } }: DrawCommand): Promise<DiffusionModel> {
    const key = `${run}/${step}`;
    if (this.#model?.key === key) return this.#model.model;
    this.#model?.model.dispose();
    this.#model = null;
    const model = await openCheckpoint({ store: this.#tools.store, run, step, log: this.#tools.log });
    this.#model = { key, model };
    return model;
  }

  async #openClassifier({ run, step }: DrawCommand['denoiser']): Promise<NoisyClassifier> {
    const key = `${run}/${step}`;
    if (this.#classifier?.key === key) return this.#classifier.classifier;
    this.#classifier?.classifier.dispose();
    this.#classifier = null;
    const classifier = await openClassifier({ store: this.#tools.store, run, step, log: this.#tools.log });
    this.#classifier = { key, classifier };
    return classifier;
  }
}
