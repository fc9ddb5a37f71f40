import type { DrawingPicture } from '@langevin/contracts/api';
import type { LiveFeed } from '@langevin/http-api';
import { checkpointOf, nodesOf, pointOf, summaryOf } from './describe.js';
import type { World, WorldRun } from './world.js';

const tickMs = 500;
/** Steps that a training run commits in a tick. */
const stepsPerTick = 2;
/** Ticks that the picture of a checkpoint takes. */
const ticksPerPicture = 5;

/** Lets the training run of a world go on, and tells it. */
export class Life {
  readonly #world: World;
  readonly #feed: LiveFeed;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  readonly #draining = new Set<string>();

  constructor(world: World, feed: LiveFeed) {
    this.#world = world;
    this.#feed = feed;
  }

  /** Begins. */
  start(): void {
    this.#timer = setInterval(() => this.tick(), tickMs);
  }

  /** Ends. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** How often it has ticked. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Commits the next steps of every run that trains; a queued one begins when none does. */
  tick(): void {
    this.#ticks += 1;
    const runs = [...this.#world.runs.values()];
    const training = runs.find(({ phase }) => phase === 'running') ?? this.#begin(runs.find(({ phase }) => phase === 'queued'));
    if (training?.drawing) this.#draw(training, training.drawing);
    if (training) this.#advance(training);
    if (this.#ticks % 2 === 0) this.#tellNodes(training);
  }

  #tellNodes(training: WorldRun | undefined): void {
    this.#feed.publish({ name: 'nodes', data: nodesOf(training?.name ?? null, this.#ticks, this.#draining) });
  }

  /** Names of trainers that are about to leave. */
  get draining(): ReadonlySet<string> {
    return this.#draining;
  }

  /** Lets a trainer leave. */
  drain(name: string): void {
    this.#draining.add(name);
    this.#tellNodes([...this.#world.runs.values()].find(({ phase }) => phase === 'running'));
  }

  /** The step of the training run takes unusually long: nothing goes on by itself any more. */
  hold(sinceMs: number): void {
    this.stop();
    const run = [...this.#world.runs.values()].find(({ phase }) => phase === 'running');
    if (!run) return;
    run.stall = { what: 'step', step: run.step + 1, since: new Date(sinceMs).toISOString(), usualMs: 352, waitsFor: [{ name: 'node-3', doing: '1 of 2 leaves to compute' }] };
    this.tell(run);
  }

  /** Says that a run has changed. */
  tell(run: WorldRun): void {
    this.#feed.publish({ name: 'run', data: summaryOf(run) });
  }

  #begin(run: WorldRun | undefined): WorldRun | undefined {
    if (!run) return undefined;
    run.phase = 'running';
    this.#note(run, run.step === 0 ? 'started' : 'resumed', run.step === 0 ? 'started with 3 trainers' : `resumed from step ${run.step}`);
    return run;
  }

  #advance(run: WorldRun): void {
    const from = run.step;
    delete run.stall;
    run.step = Math.min(run.totalSteps, run.step + stepsPerTick);
    const points = Array.from({ length: run.step - from }, (_, i) => pointOf(run, from + i));
    this.#feed.publish({ name: 'metrics', data: { run: run.name, points } });
    const due = Math.floor(run.step / run.everySteps) * run.everySteps;
    if (due > (run.checkpointSteps.at(-1) ?? 0)) {
      run.checkpointSteps.push(due);
      this.#note(run, 'checkpoint', `checkpoint of step ${due} is in the store`);
      this.#feed.publish({ name: 'checkpoint', data: { run: run.name, checkpoint: checkpointOf(this.#world, run, due) } });
      run.drawing = { step: due, progress: 0 };
      this.#tellDrawing(run);
    }
    if (run.step === run.totalSteps) {
      run.phase = 'succeeded';
      this.#note(run, 'succeeded', 'every step is done');
    }
    this.tell(run);
  }

  /** A picture takes a few ticks. */
  #draw(run: WorldRun, { step, progress }: DrawingPicture): void {
    if (progress < 0.99) run.drawing = { step, progress: progress + 1 / ticksPerPicture };
    else {
      delete run.drawing;
      this.#feed.publish({ name: 'samples', data: { run: run.name, step } });
    }
    this.#tellDrawing(run);
  }

  #tellDrawing({ name, drawing }: WorldRun): void {
    this.#feed.publish({ name: 'drawing', data: { run: name, drawing: drawing ? [drawing] : [] } });
  }

  #note(run: WorldRun, kind: WorldRun['events'][number]['kind'], text: string): void {
    const event = { seq: run.events.length + 1, time: new Date(run.columns.time[Math.max(0, run.step - 1)] ?? run.startMs).toISOString(), step: run.step, kind, text };
    run.events.push(event);
    this.#feed.publish({ name: 'runEvent', data: { run: run.name, event } });
  }
}
