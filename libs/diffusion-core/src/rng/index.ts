export { philox4x32 } from './philox.js';
export { PhiloxStream, seedKey } from './philox-stream.js';
export type { StreamId } from './philox-stream.js';
export { Purpose } from './purpose.js';
export type { PurposeName } from './purpose.js';
export { stableExp } from './stable-power.js';
