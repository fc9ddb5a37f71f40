import type { LiveFeed } from '@langevin/http-api';
import type { MetricsLog } from '@langevin/metrics';
import type { CoordinatorContext } from '../context.js';
import type { Chronicle } from './chronicle.js';
import type { DamageFilter } from './damage-filter.js';
import type { SampleDesk } from './sample-desk.js';
import type { StepWatch } from './step-watch.js';
import type { StoreCatalog } from './store-catalog.js';

/** What the handlers of the HTTP API share. */
export interface HttpContext {
  readonly coordinator: CoordinatorContext;
  readonly catalog: StoreCatalog;
  readonly metrics: MetricsLog;
  readonly chronicle: Chronicle;
  /** Times the steps of the running job. */
  readonly watch: StepWatch;
  /** What lists read through. */
  readonly damage: DamageFilter;
  readonly feed: LiveFeed;
  readonly samples: SampleDesk;
  /** Langevin's version. */
  readonly version: string;
  /** When this coordinator started. */
  readonly startedAt: Date;
  /** Folder of the recipes. */
  readonly recipes: string;
  /** The time of day. */
  readonly now: () => Date;
  readonly newId: () => string;
}
