export { MetricsLog } from './metrics-log.js';
export type { MetricsLogOptions, NotedEvent } from './metrics-log.js';
export { MetricsReader } from './metrics-reader.js';
export type { MetricsReaderOptions } from './metrics-reader.js';
export { readAttempts } from './attempts.js';
