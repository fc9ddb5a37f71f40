import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallTmpfs, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { readCheckpoint } from './checkpoint-reader.js';
import { CheckpointSpool, type SpooledCheckpoint } from './checkpoint-spool.js';
import { DirectoryStore } from './directory-store.js';
import { checkpointContents, checkpointFacts } from './testing/checkpoint-fixture.js';

/** Mounting a small disk needs root on Linux. */
const whenRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

let folder: TemporaryFolder;
let spool: CheckpointSpool;
let store: DirectoryStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  spool = await CheckpointSpool.open(join(folder.path, 'spool'));
  store = await DirectoryStore.open(join(folder.path, 'store'));
});
afterEach(() => folder[Symbol.asyncDispose]());

async function fill(run: string, step: number, { content = step, into = spool, bytes = 3000 } = {}) {
  const draft = into.draft(run, step);
  for (const { path, role, content: file } of checkpointContents(content, bytes)) {
    await draft.add({ path, role, digest: createHash('sha256').update(file).digest('hex'), size: file.byteLength }, file);
  }
  return draft;
}

const add = async (run: string, step: number, content = step): Promise<SpooledCheckpoint> => (await fill(run, step, { content })).commit(checkpointFacts(run, step));
const names = async (): Promise<string[]> => (await spool.list()).map(({ run, step }) => `${run}:${step}`);

describe('a spool', () => {
  it('gives a checkpoint to the store as it came, and forgets it when it is told to', async () => {
    const entry = await add('digits', 10);
    const { digest } = await spool.publish(store, entry);
    const published = await readCheckpoint(store, 'digits', 10);
    expect(published.digest).toBe(digest);
    expect(published.manifest).toMatchObject(checkpointFacts('digits', 10));
    for (const { path, content } of checkpointContents(10)) expect(Buffer.from(published.files.get(path)!)).toEqual(content);
    expect(await names()).toEqual(['digits:10']);
    await spool.remove(entry);
    expect(await names()).toEqual([]);
    expect(readdirSync(spool.folder)).toEqual(['.tmp']);
    expect(readdirSync(join(spool.folder, '.tmp'))).toEqual([]);
  });

  it('lists what waits by run, oldest first, also to the process that comes after', async () => {
    for (const [run, step] of [['b', 9], ['b', 10], ['a', 100]] as const) await add(run, step);
    spool = await CheckpointSpool.open(spool.folder);
    expect(await names()).toEqual(['a:100', 'b:9', 'b:10']);
    await spool.remove((await spool.list())[1]!);
    expect(await names()).toEqual(['a:100', 'b:10']);
  });

  it('holds nothing of a checkpoint before it is committed, nor what a dead process had begun', async () => {
    const draft = await fill('digits', 10);
    expect(await names()).toEqual([]);
    expect(readdirSync(join(spool.folder, '.tmp'))).toHaveLength(1);
    spool = await CheckpointSpool.open(spool.folder);
    expect(readdirSync(join(spool.folder, '.tmp'))).toEqual([]);
    await expect(draft.commit(checkpointFacts('digits', 10))).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await names()).toEqual([]);
  });

  it('leaves nothing of a draft that is discarded', async () => {
    await (await fill('digits', 10)).discard();
    expect(readdirSync(join(spool.folder, '.tmp'))).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it('keeps the one that waits when the same comes again, and refuses another one', async () => {
    await add('digits', 10);
    expect(await add('digits', 10)).toMatchObject({ run: 'digits', step: 10 });
    await expect(add('digits', 10, 11)).rejects.toMatchObject({ code: 'object_exists', message: expect.stringMatching(/^another checkpoint of run "digits" at step 10 waits for the store in .*; train under another name$/) });
    expect(await names()).toEqual(['digits:10']);
    expect(readdirSync(join(spool.folder, '.tmp'))).toEqual([]);
    await spool.publish(store, (await spool.list())[0]!);
    expect(Buffer.from((await readCheckpoint(store, 'digits', 10)).files.get('weights.safetensors')!)).toEqual(checkpointContents(10)[0]!.content);
  });

  it('does not publish what was damaged while it waited', async () => {
    const entry = await add('digits', 10);
    writeFileSync(join(entry.folder, 'ema.safetensors'), 'rust');
    await expect(spool.publish(store, entry)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringMatching(/ema\.safetensors is damaged: its sha256 is .* instead of/) });
    expect(existsSync(join(store.location, 'v1/runs/digits'))).toBe(false);
    writeFileSync(join(entry.folder, 'manifest.json'), '{}');
    await expect(spool.publish(store, entry)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(`the spooled checkpoint in ${entry.folder} is damaged`) });
  });

  it.each([['../out', 1], ['digits', -1], ['digits', 1.5]])('takes no name or step that is none: %s, %s', (run, step) => {
    expect(() => spool.draft(run, step)).toThrow();
  });

  it('says which folder it cannot use', async () => {
    rmSync(join(folder.path, 'spool'), { recursive: true });
    writeFileSync(join(folder.path, 'spool'), '');
    await expect(CheckpointSpool.open(join(folder.path, 'spool'))).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining(join(folder.path, 'spool')) });
    mkdirSync(join(folder.path, 'other'));
    await expect(CheckpointSpool.open(join(folder.path, 'other'))).resolves.toBeDefined();
  });

  whenRoot('says what a full disk has left, and keeps what it has', async () => {
    await using disk = await smallTmpfs(1);
    spool = await CheckpointSpool.open(join(disk.path, 'spool'));
    await add('digits', 10);
    const failed = fill('digits', 20, { into: spool, bytes: 2 ** 20 });
    await expect(failed).rejects.toMatchObject({ code: 'storage_full', message: expect.stringMatching(/^no space: writing weights\.safetensors into .* needs 1048576 bytes, \d+ bytes are free in/) });
    expect(await names()).toEqual(['digits:10']);
  });
});
