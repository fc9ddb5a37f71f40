import { randomUUID } from 'node:crypto';
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { tfjsNodeDirectory } from '../install/compile-binding.js';
import { bindingFile } from '../install/runtime-cache.js';

/** The one function of node-pre-gyp that TensorFlow.js calls at its start: where its binding has to be. */
interface NodePreGyp {
  find(packageJson: string): string;
}

/**
 * Links the cached binding to where `@tensorflow/tfjs-node-gpu` looks for it: a folder of its own that every `npm ci`
 * wipes. Atomic, so that processes which start together never see a missing link; nothing is written when the link stands.
 * @throws LangevinError `runtime_missing` when the folder cannot be written.
 */
export function linkBinding(runtime: string): void {
  const packageJson = path.join(tfjsNodeDirectory(), 'package.json');
  // The package is CommonJS without types; only `find` is used, as the package itself does.
  const preGyp = createRequire(packageJson)('@mapbox/node-pre-gyp') as NodePreGyp;
  const link = preGyp.find(packageJson);
  const target = path.join(runtime, bindingFile);
  if (currentTarget(link) === target) return;
  const temporary = `${link}.${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(target, temporary);
    renameSync(temporary, link);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new LangevinError('runtime_missing', `cannot link TensorFlow's binding to ${link}: ${String(cause)}; make that folder writable once`, { cause });
  }
}

function currentTarget(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    // No link yet, or a file of somebody else's making: both are replaced.
    return null;
  }
}
