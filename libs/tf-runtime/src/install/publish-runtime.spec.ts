import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildDirectory, publishRuntime, removeAbandoned } from './publish-runtime.js';
import { isRuntimeComplete, recordFile } from './runtime-cache.js';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-publish-'));
  directory = path.join(root, 'runtime');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function finishedBuild(content: string): string {
  const building = buildDirectory(directory);
  mkdirSync(building);
  writeFileSync(path.join(building, 'library'), content);
  writeFileSync(path.join(building, recordFile), JSON.stringify({ files: { library: content.length } }));
  return building;
}

describe('publishRuntime', () => {
  it('lets two builders that race both succeed, and keeps one whole runtime', async () => {
    await Promise.all(['first', 'second', 'third one'].map(async (content) => publishRuntime(finishedBuild(content), directory)));
    expect(isRuntimeComplete(directory)).toBe(true);
    expect(['first', 'second', 'third one']).toContain(readFileSync(path.join(directory, 'library'), 'utf8'));
  });

  it('replaces a folder that is no whole runtime', async () => {
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'library'), 'half');
    await publishRuntime(finishedBuild('whole'), directory);
    expect(isRuntimeComplete(directory)).toBe(true);
  });

  it('says which folder it could not fill', async () => {
    await expect(publishRuntime(path.join(root, 'absent'), directory)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining(directory),
    });
  });
});

describe('isRuntimeComplete', () => {
  it('believes neither a folder without a record nor one with a truncated file', async () => {
    await publishRuntime(finishedBuild('whole'), directory);
    expect(isRuntimeComplete(directory)).toBe(true);
    truncateSync(path.join(directory, 'library'), 3);
    expect(isRuntimeComplete(directory)).toBe(false);
    rmSync(path.join(directory, recordFile));
    expect(isRuntimeComplete(directory)).toBe(false);
  });

  it('believes no record that is damaged or names no file', () => {
    mkdirSync(directory);
    for (const record of ['', '{', 'null', '{}', '{"files":{}}', '{"files":null}', '{"files":{"library":1}}']) {
      writeFileSync(path.join(directory, recordFile), record);
      expect(isRuntimeComplete(directory)).toBe(false);
    }
  });
});

describe('removeAbandoned', () => {
  it('removes the build of a process that is gone, and no other', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const abandoned = buildDirectory(directory, gone);
    const alive = buildDirectory(directory);
    const elsewhere = `${directory}.building-another-machine-${gone}-0`;
    for (const folder of [abandoned, alive, elsewhere]) mkdirSync(folder);
    await removeAbandoned(directory);
    expect(existsSync(abandoned)).toBe(false);
    expect(readdirSync(root).sort()).toEqual([alive, elsewhere].map((folder) => path.basename(folder)).sort());
  });
});
