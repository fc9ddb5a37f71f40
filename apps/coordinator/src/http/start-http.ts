import { LiveFeed, startHttpServer } from '@langevin/http-api';
import { MetricsLog, type MetricsLogOptions } from '@langevin/metrics';
import type { TlsIdentity } from '@langevin/rpc';
import type { CoordinatorContext } from '../context.js';
import { apiHandlers } from './api-handlers.js';
import { checkpointInfo, versionsByCheckpoint } from './checkpoint-queries.js';
import { Chronicle } from './chronicle.js';
import { DamageFilter } from './damage-filter.js';
import type { HttpContext } from './http-context.js';
import { LivePublisher } from './live-publisher.js';
import { culprits, culpritText } from './culprits.js';
import { nodes, sensesOf } from './node-queries.js';
import { ClusterMetrics } from './prometheus.js';
import { runSummary } from './run-queries.js';
import { SampleDesk, type SampleDeskTools } from './sample-desk.js';
import { SamplerProcess, type SamplerOptions } from './sampler-process.js';
import { StepWatch } from './step-watch.js';
import { StoreCatalog } from './store-catalog.js';

/** What the HTTP side of a coordinator needs to know. */
export interface HttpOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host?: string | undefined;
  readonly tls?: TlsIdentity | undefined;
  readonly insecure?: boolean | undefined;
  /** Further names that people open it by. */
  readonly names?: readonly string[];
  /** Folder of the built dashboard. */
  readonly dashboard?: string | undefined;
  /** Folder of the recipes. */
  readonly recipes: string;
  /** Folder for metrics that are not in the store yet. */
  readonly metrics: string;
  /** How samples are drawn; without it none are. */
  readonly sampler?: Omit<SamplerOptions, 'store'> | undefined;
  /** Whether a picture is drawn of every checkpoint. */
  readonly matrices: boolean;
  /** Langevin's version. */
  readonly version: string;
  readonly token: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The HTTP side of a coordinator, which watches what it decides. */
export interface HttpSide extends AsyncDisposable {
  /** Where it is opened. */
  readonly url: string;
  readonly chronicle: Chronicle;
}

/** Pictures that are drawn after a start because a process died before: no more, so that an old store costs no hours. */
const maxCaughtUp = 8;

/**
 * Starts the HTTP API beside a coordinator.
 * @throws LangevinError `address_in_use`; `invalid_argument` for a host beyond this machine without TLS
 */
export async function startHttp(coordinator: CoordinatorContext, options: HttpOptions): Promise<HttpSide> {
  const { store, log, clock } = coordinator;
  const { now, newId, version, recipes, token, tls, dashboard, port } = options;
  const feed = new LiveFeed({ epoch: newId() });
  const onEvent: MetricsLogOptions['onEvent'] = (run, event) => feed.publish({ name: 'runEvent', data: { run, event } });
  const metrics = await MetricsLog.open({ store, folder: options.metrics, clock, newId, log, onEvent });
  const catalog = new StoreCatalog(store, clock);
  const sampler = options.sampler ? new SamplerProcess({ ...options.sampler, store: store.location }) : null;
  const samples = sampleDesk(options, { store, catalog, sampler, log, feed });
  const watch = new StepWatch(clock, now);
  const prometheus = new ClusterMetrics({ ...coordinator, watch, version });
  const onBeat = (): string | null => watchSteps(coordinator, watch, prometheus);
  const publisher = new LivePublisher({ feed, run: (name) => runSummary(context, name), nodes: () => nodes(coordinator), onBeat });
  const chronicle = new Chronicle({
    ...{ metrics, book: coordinator.book, watch, prometheus, clock, now, log },
    onRun: (run) => publisher.run(run),
    onPoint: (run, point) => publisher.point(run, point),
    onCheckpoint: (run, step) => {
      catalog.invalidate();
      samples.checkpoint(run, step);
      void tellCheckpoint(context, run, step);
    },
  });
  const context: HttpContext = { coordinator, damage: new DamageFilter(log), catalog, metrics, chronicle, watch, feed, samples, version, startedAt: now(), recipes, now, newId };
  const { host, insecure, names } = options;
  const optional = { ...(host !== undefined && { host }), ...(insecure !== undefined && { insecure }), ...(names && { names }) };
  const server = await startHttpServer({ handlers: apiHandlers(context), feed, scrape: () => prometheus.scrape(), token, port, tls, dashboard, log, ...optional });
  void catchUp(context).catch(() => undefined); // Pictures can wait for the next checkpoint.
  return {
    url: server.url,
    chronicle,
    [Symbol.asyncDispose]: async () => {
      publisher[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await sampler?.[Symbol.asyncDispose]();
      await metrics[Symbol.asyncDispose]();
    },
  };
}

function sampleDesk({ matrices }: HttpOptions, { feed, ...tools }: Pick<SampleDeskTools, 'store' | 'catalog' | 'sampler' | 'log'> & { readonly feed: LiveFeed }): SampleDesk {
  return new SampleDesk({
    ...tools,
    matrices,
    onJob: (data) => feed.publish({ name: 'sample', data }),
    onPicture: (run, step) => feed.publish({ name: 'samples', data: { run, step } }),
    onDrawing: (run, drawing) => feed.publish({ name: 'drawing', data: { run, drawing } }),
  });
}

/** Says once in the log when a step takes unusually long, and who is the cause; gives the run that this happens to now. */
function watchSteps(coordinator: CoordinatorContext, watch: StepWatch, prometheus: ClusterMetrics): string | null {
  prometheus.sample();
  const { state, clock, log } = coordinator;
  const news = watch.news();
  if (news) {
    prometheus.stalled(news);
    const { what, step, jobId, beganMs, usualMs } = news;
    const usual = usualMs === null ? '' : `, usually ${(usualMs / 1000).toFixed(2)} s`;
    const waits = culpritText(culprits(state(), jobId, sensesOf(coordinator)));
    log(`${what === 'step' ? 'step' : 'the checkpoint of step'} ${step} of job "${jobId}" takes ${((clock() - beganMs) / 1000).toFixed(1)} s so far${usual}: it waits for ${waits}`);
  }
  const live = state().jobs.find(({ status }) => status.phase === 'running');
  return live && watch.stall(live.request.id) ? live.request.id : null;
}

async function tellCheckpoint(context: HttpContext, run: string, step: number): Promise<void> {
  try {
    const checkpoint = checkpointInfo(await context.catalog.checkpoint(run, step), await versionsByCheckpoint(context));
    context.feed.publish({ name: 'checkpoint', data: { run, checkpoint } });
  } catch {
    // The store has gone since: the run's own event tells that there is a checkpoint.
  }
}

/** The newest checkpoints of runs that were being drawn when a process ended. */
async function catchUp({ catalog, samples }: HttpContext): Promise<void> {
  let left = maxCaughtUp;
  for (const { name, steps, samples: drawn } of (await catalog.runs()).values()) {
    const missing = steps.filter((step) => !drawn.includes(step) && step > (drawn.at(-1) ?? -1)).slice(-left);
    for (const step of missing) samples.checkpoint(name, step);
    left -= missing.length;
    if (left <= 0) return;
  }
}
