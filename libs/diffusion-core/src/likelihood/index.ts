export { flowLogLikelihood } from './flow-log-likelihood.js';
export type { Divergence, FlowLogLikelihood, FlowLogLikelihoodOptions } from './flow-log-likelihood.js';
export { rk45 } from './rk45.js';
export type { Derivative, Rk45Options, Rk45Solution } from './rk45.js';
