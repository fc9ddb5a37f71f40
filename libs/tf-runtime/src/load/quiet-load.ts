import { createRequire } from 'node:module';
import path from 'node:path';
import { quietLoadFile } from '../install/runtime-cache.js';

/** The addon `native/quiet_load.cc`. */
interface QuietLoad {
  load(libraryPath: string, logLevel: string): void;
}

/**
 * Loads TensorFlow's framework library into the process without the notices that it prints while it is being loaded, and
 * sets its log level to errors. A level in `TF_CPP_MIN_LOG_LEVEL` wins; with "0" the notices are left alone.
 * @throws Error of the dynamic linker when the library does not load.
 */
export function loadQuietly(runtime: string, libraries: readonly string[], env: NodeJS.ProcessEnv): void {
  const level = env['TF_CPP_MIN_LOG_LEVEL'] ?? '2';
  const framework = libraries.find((name) => name.includes('framework'));
  if (level === '0' || framework === undefined) return;
  // The addon is ours; its one function is declared above.
  const addon = createRequire(import.meta.url)(path.join(runtime, quietLoadFile)) as QuietLoad;
  addon.load(path.join(runtime, framework), level);
}
