import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { BackgroundHash } from './background-hash.js';

async function digestOf(pieces: readonly Uint8Array[]): Promise<string> {
  using hash = new BackgroundHash();
  for (const piece of pieces) await hash.update(piece);
  return await hash.digest();
}

describe('BackgroundHash', () => {
  it('computes the published digests: FIPS 180-4, and no bytes at all', async () => {
    expect(await digestOf([Buffer.from('abc')])).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await digestOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('computes what node:crypto does, however the bytes come; seed 11', async () => {
    const random = new PhiloxStream({ seed: 11, purpose: 'noise' });
    for (const limit of [100, 70_000, 3_000_000]) {
      const pieces = Array.from({ length: 12 }, () => Buffer.alloc(random.uniformInt(limit), random.uniformInt(256)));
      expect(await digestOf(pieces)).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
    }
  });

  it('keeps several apart, also beside one that was abandoned half-way', async () => {
    using abandoned = new BackgroundHash();
    await abandoned.update(Buffer.alloc(5_000_000, 1));
    abandoned[Symbol.dispose]();
    const bodies = [2, 3, 4].map((value) => Buffer.alloc(9_000_000, value));
    const found = await Promise.all(bodies.map((body) => digestOf([body])));
    expect(found).toEqual(bodies.map((body) => createHash('sha256').update(body).digest('hex')));
    expect(await digestOf([Buffer.alloc(9_000_000, 2)])).toBe(found[0]);
  });

  it('keeps a process alive while it works, and no longer', async () => {
    const hook = join(__dirname, 'testing/typescript-hook.cjs');
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@langevin/source', '-r', hook, join(__dirname, 'testing/hash-and-end.cjs')], { timeout: 20_000 });
    expect(stdout).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n');
  });
});
