export { followParent, relaunch } from './relaunch.js';
export { needsRelaunch, runtimeEnvironment } from './runtime-environment.js';

export type { EnvironmentOptions, RuntimeEnvironment } from './runtime-environment.js';
