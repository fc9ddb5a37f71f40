export { defects } from './options.js';
export type { Defect, Fault, SimulationOptions } from './options.js';
export { scheduleOf } from './schedule.js';
export { simulate } from './simulate.js';
export type { SimulationReport } from './simulate.js';
export { largeCluster } from './large-cluster.js';
