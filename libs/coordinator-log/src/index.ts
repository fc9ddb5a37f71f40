export { CoordinatorLease, sleepAwareClock } from './coordinator-lease.js';
export type { LeaseStanding, TakeLeaseOptions } from './coordinator-lease.js';
export { CoordinatorLog } from './coordinator-log.js';
export type { CoordinatorLogOptions, LogEntry, LogFollower, OpenedLog } from './coordinator-log.js';
export { readLease } from './lease-record.js';
export type { Lease, LeaseHolder } from './lease-record.js';
export { ownProcess } from './process-mark.js';
export type { ProcessMark } from './process-mark.js';
