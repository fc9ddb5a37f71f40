export { CoordinatorLog } from './coordinator-log.js';
export type { CoordinatorLogOptions, LogEntry, LogFollower, OpenedLog } from './coordinator-log.js';
