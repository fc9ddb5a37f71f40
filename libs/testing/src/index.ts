export { freePort } from './free-port.js';
export { childProcesses, markedProcesses } from './process-table.js';
export { smallTmpfs } from './small-tmpfs.js';
export { startProcess } from './start-process.js';
export { temporaryFolder } from './temporary-folder.js';
export type { ProcessExit, StartedProcess, StartOptions } from './start-process.js';
export type { TemporaryFolder } from './temporary-folder.js';
