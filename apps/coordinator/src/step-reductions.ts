import type { ClusterEvent, Effect } from '@langevin/cluster-core';
import { addPartials, finishGradient, TreeReducer, VectorArena, type ContentRef, type ContentTable, type PartialSum } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { learningRateAt, modelLayout } from '@langevin/diffusion-core';
import type { Content__Output, PartialReady__Output, ResultReady, RunStep } from '@langevin/rpc';
import type { Connections } from './connections.js';
import type { JobBook } from './job-book.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** One step on its way from partial sums to the gradient that every trainer applies. */
interface Reduction {
  readonly step: number;
  readonly generation: number;
  readonly tree: TreeReducer<PartialSum>;
  /** Pulled, but not yet accepted by the state machine. */
  readonly fetched: Map<number, PartialSum>;
  result: ContentRef | null;
}

/** What reductions work with. */
export interface ReductionTools {
  readonly table: ContentTable;
  readonly connections: Connections;
  readonly book: JobBook;
  readonly dispatch: (event: ClusterEvent) => void;
}

/** `exchange: coordinator`: the coordinator pulls every partial sum, finishes the tree, and serves the result. */
export class StepReductions {
  readonly #tools: ReductionTools;
  readonly #byJob = new Map<string, Reduction>();
  readonly #arenas = new Map<string, VectorArena>();

  constructor(tools: ReductionTools) {
    this.#tools = tools;
  }

  /** Opens the reduction of a step; told once for each trainer, opened once. */
  begin({ jobId, step, generation, subtrees }: EffectOf<'runStep'>): RunStep {
    const { training } = this.#tools.book.get(jobId).spec;
    const current = this.#byJob.get(jobId);
    if (current?.step !== step || current.generation !== generation) {
      this.#discard(jobId);
      const tree = new TreeReducer(training.virtualWorkers, addPartials);
      this.#byJob.set(jobId, { step, generation, tree, fetched: new Map(), result: null });
    }
    return { job: jobId, step, generation, subtrees: [...subtrees], learningRate: learningRateAt(step - 1, training) };
  }

  /**
   * Pulls a partial sum from the trainer that made it, and reports that it is here; one that is none, or cannot be
   * pulled, is a failure of the trainer. Never throws.
   */
  async fetch(trainerId: string, ready: PartialReady__Output): Promise<void> {
    const { job: jobId, subtree, content } = ready;
    const [step, generation] = [Number(ready.step), Number(ready.generation)];
    const reduction = this.#byJob.get(jobId);
    if (!subtree || !content || reduction?.step !== step || reduction.generation !== generation) return;
    try {
      const partial = await this.#pull(trainerId, ready, content);
      reduction.fetched.set(subtree.first, partial);
      this.#tools.dispatch({ type: 'partialReceived', trainerId, jobId, step, generation, subtree });
      if (reduction.fetched.get(subtree.first) !== partial) return;
      // Nobody wants it: it is another's subtree, came twice, or its job has ended.
      reduction.fetched.delete(subtree.first);
      partial.gradient.free();
    } catch (thrown) {
      const { code, message } = LangevinError.from(thrown);
      this.#tools.dispatch({ type: 'trainerFailed', trainerId, jobId, code, message });
    }
  }

  /** Adds an accepted partial sum; with the last one the step's result is published. */
  add({ jobId, step, subtree }: EffectOf<'addPartial'>): void {
    const reduction = this.#byJob.get(jobId);
    const partial = reduction?.fetched.get(subtree.first);
    if (reduction?.step !== step || !partial) throw new LangevinError('internal', `no partial sum of step ${step} was fetched for leaf ${subtree.first}`);
    reduction.fetched.delete(subtree.first);
    const root = reduction.tree.add(subtree, partial);
    if (root) this.#publish(jobId, reduction, root);
  }

  /** What a trainer is told of the result of a step. */
  announcement({ jobId, step }: EffectOf<'announceResult'>): ResultReady {
    return { job: jobId, step, content: this.#byJob.get(jobId)?.result ?? null };
  }

  /** Frees everything that a job holds: it has ended. */
  end(jobId: string): void {
    this.#discard(jobId);
    this.#arenas.delete(jobId);
  }

  #discard(jobId: string): void {
    const reduction = this.#byJob.get(jobId);
    for (const { gradient } of reduction?.fetched.values() ?? []) gradient.free();
    reduction?.fetched.clear();
    if (reduction?.result) this.#tools.table.release(reduction.result.digest);
    this.#byJob.delete(jobId);
  }

  #publish(jobId: string, reduction: Reduction, root: PartialSum): void {
    const { clipNorm } = this.#tools.book.get(jobId).spec.training;
    const { gradient, norm, loss, isFinite } = finishGradient(root, clipNorm);
    reduction.result = this.#tools.table.put(gradient.bytes.slice());
    gradient.free();
    const { step, result } = reduction;
    // After the effects of the decision that led here: one event at a time.
    queueMicrotask(() => this.#tools.dispatch({ type: 'resultReady', jobId, step, digest: result.digest, loss, finite: isFinite && Number.isFinite(loss), norm }));
  }

  async #pull(trainerId: string, { job, subtree, weightSum, lossSum }: PartialReady__Output, content: Content__Output): Promise<PartialSum> {
    const arena = this.#arenaOf(job);
    const what = `the partial sum of leaf ${subtree?.first}`;
    if (Number(content.size) !== arena.length * 4) {
      throw new LangevinError('invalid_argument', `${what} has ${content.size} bytes, the model's gradient has ${arena.length * 4}`);
    }
    if (!(weightSum >= 0 && Number.isFinite(weightSum))) throw new LangevinError('invalid_argument', `${what} has the weight ${weightSum}`);
    const gradient = arena.take();
    try {
      await this.#tools.connections.pull(trainerId, content.digest, { into: gradient, verify: 'checksum' });
      return { gradient, weightSum, lossSum };
    } catch (thrown) {
      gradient.free();
      throw thrown;
    }
  }

  /** One for each job: all its gradients have the length of its model. */
  #arenaOf(jobId: string): VectorArena {
    const arena = this.#arenas.get(jobId) ?? new VectorArena(modelLayout(this.#tools.book.get(jobId).spec.model).total);
    this.#arenas.set(jobId, arena);
    return arena;
  }
}
