export { devicesFor } from '../gpu/devices-for.js';
export { followParent, relaunch } from './relaunch.js';
export { computeThreads, needsRelaunch, runtimeEnvironment } from './runtime-environment.js';

export type { ComputeDevice, DeviceRequest } from '../gpu/devices-for.js';
export type { EnvironmentOptions, RuntimeEnvironment } from './runtime-environment.js';
