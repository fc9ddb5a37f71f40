export { RegistryIndex } from './registry-index.js';
export type { IndexedCheckpoint, IndexedModel, IndexedMove, IndexedRun, OpenIndexOptions } from './registry-index.js';
export type { RefreshReport } from './refresh-index.js';
