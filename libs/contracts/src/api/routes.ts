/** Where all endpoints lie. */
export const apiBase = '/api/v1';

/** The most items that one page holds. */
export const maxPageSize = 1000;

/** The most images that one request draws. */
export const maxSampleImages = 256;

/** How an endpoint is reached. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `apiBase`, with `{name}` for a parameter. */
  readonly path: string;
}

/** How each endpoint of the HTTP API is reached: what a client needs to call it, without the schemas that read what comes back. */
export const routes = {
  getSystem: { method: 'GET', path: '/system' },
  listRuns: { method: 'GET', path: '/runs' },
  getRun: { method: 'GET', path: '/runs/{run}' },
  getRunMetrics: { method: 'GET', path: '/runs/{run}/metrics' },
  getMetrics: { method: 'GET', path: '/metrics' },
  listRunEvents: { method: 'GET', path: '/runs/{run}/events' },
  listRunCheckpoints: { method: 'GET', path: '/runs/{run}/checkpoints' },
  getRunSamples: { method: 'GET', path: '/runs/{run}/samples' },
  getRunSamplesImage: { method: 'GET', path: '/runs/{run}/samples/{step}.png' },
  cancelRun: { method: 'POST', path: '/runs/{run}/cancel' },
  resumeRun: { method: 'POST', path: '/runs/{run}/resume' },
  forkRun: { method: 'POST', path: '/runs/{run}/fork' },
  getCheckpoint: { method: 'GET', path: '/checkpoints/{digest}' },
  verifyCheckpoint: { method: 'POST', path: '/checkpoints/{digest}/verify' },
  getCheckpointFile: { method: 'GET', path: '/checkpoints/{digest}/files/{path}' },
  listRecipes: { method: 'GET', path: '/recipes' },
  validateJob: { method: 'POST', path: '/jobs/validate' },
  submitJob: { method: 'POST', path: '/jobs' },
  listModels: { method: 'GET', path: '/models' },
  getModel: { method: 'GET', path: '/models/{name}' },
  registerVersion: { method: 'POST', path: '/models/{name}/versions' },
  moveAlias: { method: 'PUT', path: '/models/{name}/aliases/{alias}' },
  rollbackAlias: { method: 'POST', path: '/models/{name}/aliases/{alias}/rollback' },
  listNodes: { method: 'GET', path: '/nodes' },
  drainNode: { method: 'POST', path: '/nodes/{name}/drain' },
  requestSamples: { method: 'POST', path: '/samples' },
  getSamples: { method: 'GET', path: '/samples/{id}' },
  getSamplesImage: { method: 'GET', path: '/samples/{id}.png' },
  cancelSamples: { method: 'DELETE', path: '/samples/{id}' },
  streamEvents: { method: 'GET', path: '/events' },
} as const satisfies Record<string, Route>;
