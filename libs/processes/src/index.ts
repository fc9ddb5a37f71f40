export { keepService } from './keep-service.js';
export type { KeepServiceOptions, KeptService } from './keep-service.js';
export { giveWay } from './give-way.js';
export { openLedger } from './ledger.js';
export type { Ledger } from './ledger.js';
export { runService, untilAborted } from './service.js';
export type { ServiceContext } from './service.js';
export { startService } from './start-service.js';
export type { RunningService, StartServiceOptions } from './start-service.js';
