import { createHash } from 'node:crypto';
import { putBlob, type ObjectStore } from '@langevin/registry';
import type { PullPlan } from '../pull/pull-plan.js';

/** Stores two blobs of `bytes` bytes each, and plans a directory of them. Equal ids give equal bytes. */
export async function testPlan(store: ObjectStore, id: string, bytes = 100_000): Promise<PullPlan> {
  const contents = ['first', 'second'].map((name) => Buffer.alloc(bytes, createHash('sha512').update(`${name} of ${id}`).digest()));
  const label = Buffer.from(id);
  return {
    id,
    files: [
      { path: 'small.json', content: Buffer.from('{}') },
      { path: 'a/first.bin', blob: await putBlob(store, contents[0]!) },
      { path: 'b/second.bin', blob: await putBlob(store, contents[1]!) },
    ],
    label: { path: 'label', content: label, same: (other) => label.equals(other) },
  };
}
