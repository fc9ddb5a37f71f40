import type { MetricPoint, NodeInfo, RunSummary } from '@langevin/contracts/api';
import type { LiveFeed } from '@langevin/http-api';

/** What a publisher asks for when it is time to tell. */
export interface LivePublisherTools {
  readonly feed: LiveFeed;
  /** A run as it is now; rejects when there is none. */
  readonly run: (name: string) => Promise<RunSummary>;
  readonly nodes: () => NodeInfo[];
  /** Told at every beat; gives the run that something holds up now, if any: nothing else tells of that. */
  readonly onBeat: () => string | null;
}

/** New points go out together, this often; a run that changed twice as seldom, and trainers every fourth time. */
const beatMs = 250;

/** Tells the feed what changed, a few times a second and no more than that: a step can take a millisecond. */
export class LivePublisher implements Disposable {
  readonly #tools: LivePublisherTools;
  readonly #points = new Map<string, MetricPoint[]>();
  readonly #runs = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  readonly #told = new Map<string, string>();
  #nodes = '';
  #beats = 0;

  constructor(tools: LivePublisherTools) {
    this.#tools = tools;
    this.#timer = setInterval(() => this.#beat(), beatMs);
    this.#timer.unref();
  }

  /** A run changed. */
  run(name: string): void {
    this.#runs.add(name);
  }

  /** A run has a new point. */
  point(run: string, point: MetricPoint): void {
    const points = this.#points.get(run);
    if (points) points.push(point);
    else this.#points.set(run, [point]);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    this.#beats += 1;
    for (const [run, points] of this.#points) this.#tools.feed.publish({ name: 'metrics', data: { run, points } });
    this.#points.clear();
    const stalled = this.#tools.onBeat();
    if (stalled !== null) this.#runs.add(stalled);
    if (this.#beats % 2 === 0) {
      for (const name of this.#runs) this.#tools.run(name).then((run) => this.#tellRun(run), () => undefined); // The next change is told.
      this.#runs.clear();
    }
    if (this.#beats % 4 === 0) this.#tellNodes();
  }

  /** Most of what happens in a step changes nothing that is shown. */
  #tellRun(run: RunSummary): void {
    const text = JSON.stringify(run);
    if (text === this.#told.get(run.name)) return;
    this.#told.set(run.name, text);
    this.#tools.feed.publish({ name: 'run', data: run });
  }

  /** That a trainer was heard is no news. */
  #tellNodes(): void {
    const nodes = this.#tools.nodes();
    const text = JSON.stringify(nodes.map(({ lastSeenMs: _seen, ...node }) => node));
    if (text === this.#nodes) return;
    this.#nodes = text;
    this.#tools.feed.publish({ name: 'nodes', data: nodes });
  }
}
