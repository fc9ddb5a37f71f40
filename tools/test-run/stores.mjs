import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

/** Prepares the S3 servers that specs talk to once, so that no spec downloads or builds one. */
export async function stores(root) {
  const { code, output } = await supervise(process.execPath, [`${root}/tools/setup-stores.mjs`], { cwd: root });
  return verdict(code === 0, output, 'MinIO and moto');
}
