export { giveWay } from './give-way.js';
export { runService, untilAborted } from './service.js';
export type { ServiceContext } from './service.js';
export { startService } from './start-service.js';
export type { RunningService, StartServiceOptions } from './start-service.js';
