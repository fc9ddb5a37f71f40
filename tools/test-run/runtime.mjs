import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

/** Prepares the tensor runtime once, so that no spec downloads or compiles it. */
export async function runtime(root) {
  const { code, output } = await supervise(process.execPath, [`${root}/tools/setup-tensorflow.mjs`], { cwd: root });
  return verdict(code === 0, output, output.trimEnd().split('\n').at(-1));
}
