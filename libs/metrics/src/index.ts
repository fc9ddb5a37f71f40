export { MetricsLog } from './metrics-log.js';
export type { MetricsLogOptions, NotedEvent } from './metrics-log.js';
