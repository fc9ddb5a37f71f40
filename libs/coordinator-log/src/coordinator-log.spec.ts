import fs, { readdirSync, readFileSync, writeFileSync, statSync, statfsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { smallTmpfs, temporaryFolder } from '@langevin/testing';
import { CoordinatorLog, type CoordinatorLogOptions, type LogEntry, type OpenedLog } from './coordinator-log.js';

/** Mounting a small disk needs root on Linux. */
const whenRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

interface Reopened extends OpenedLog {
  readonly warnings: readonly string[];
}

function open(folder: string, options: Partial<CoordinatorLogOptions> = {}): Reopened {
  const warnings: string[] = [];
  return { ...CoordinatorLog.open(folder, { warn: (line) => warnings.push(line), ...options }), warnings };
}

const fileOf = (folder: string): string => join(folder, 'coordinator.log');

/** What a log holds, having been opened and closed. */
async function reread(folder: string): Promise<Pick<Reopened, 'records' | 'warnings'>> {
  const { log, records, warnings } = open(folder);
  await log.close();
  return { records, warnings };
}

/** The bytes of a log as a writer leaves it that is killed after these records. */
async function killedAfter(folder: string, records: readonly unknown[], how: 'append' | 'appendNow'): Promise<Buffer> {
  const { log } = open(folder);
  for (const record of records) log[how](record);
  const bytes = readFileSync(fileOf(folder));
  await log.close();
  return bytes;
}

const three = [{ n: 1 }, { n: 2, text: 'zwölf' }, { n: 3, list: [1, null, 'x'] }];

describe('the log of a coordinator', () => {
  it('gives back what was written, in order, whichever way it was', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'not/there/yet');
    const first = open(path);
    expect(first.records).toEqual([]);
    expect(first.log.append(three[0])).toBe(1);
    expect(first.log.appendNow(three[1])).toBe(2);
    expect(await first.log.appendSynced(three[2])).toBe(3);
    await first.log.close();
    const second = open(path);
    expect(second).toMatchObject({ records: three, warnings: [] });
    expect(second.log.sequence).toBe(3);
    expect(second.log.append({ n: 4 })).toBe(4);
    await second.log.close();
    expect(await reread(path)).toEqual({ records: [...three, { n: 4 }], warnings: [] });
    const size = statSync(fileOf(path)).size;
    await reread(path);
    expect(statSync(fileOf(path)).size).toBe(size);
  });

  it('refuses what is no JSON, and everything once it is closed', async () => {
    await using folder = await temporaryFolder();
    const { log } = open(folder.path);
    expect(() => log.append(undefined)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    await log.close();
    await log.close();
    for (const act of [() => log.append(1), () => log.appendNow(1), () => log.compact(1)]) expect(act).toThrow('is closed');
    expect(await reread(folder.path)).toEqual({ records: [], warnings: [] });
  });

  it('lets many wait for the disk together', async () => {
    await using folder = await temporaryFolder();
    const { log } = open(folder.path);
    const sequences = await Promise.all(Array.from({ length: 200 }, (_, n) => log.appendSynced({ n })));
    expect(sequences).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    await log.close();
    expect((await reread(folder.path)).records).toHaveLength(200);
  });

  it.each(['append', 'appendNow'] as const)('cuts off a record of %s that is torn at any byte, and says where', async (how) => {
    await using folder = await temporaryFolder();
    const two = await killedAfter(join(folder.path, 'two'), three.slice(0, 2), how);
    const whole = await killedAfter(join(folder.path, 'whole'), three, how);
    expect(whole.subarray(0, two.length).equals(two)).toBe(true);
    for (let length = two.length; length <= whole.length; length++) {
      writeFileSync(fileOf(join(folder.path, 'whole')), whole.subarray(0, length));
      const { log, records, warnings } = open(join(folder.path, 'whole'));
      const isWhole = length === whole.length;
      expect(records).toEqual(isWhole ? three : three.slice(0, 2));
      const words = `whole/coordinator.log: cut off at byte ${two.length}: the ${length - two.length} bytes behind it are the torn end`;
      expect(warnings).toEqual(length === two.length || isWhole ? [] : [expect.stringContaining(words)]);
      log.append({ after: length });
      await log.close();
      expect(await reread(join(folder.path, 'whole'))).toEqual({ records: [...records, { after: length }], warnings: [] });
    }
  });

  it('notices any flipped bit: in the last record it is a torn end, before it an error that says where and what to do', async () => {
    await using folder = await temporaryFolder();
    const two = await killedAfter(join(folder.path, 'two'), three.slice(0, 2), 'appendNow');
    const whole = await killedAfter(join(folder.path, 'whole'), three, 'appendNow');
    const path = join(folder.path, 'flipped');
    await reread(path);
    for (let bit = 0; bit < whole.length * 8; bit += 3) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(fileOf(path), bytes);
      if (bit >> 3 >= two.length) {
        expect(await reread(path)).toEqual({ records: three.slice(0, 2), warnings: [expect.stringContaining(`at byte ${two.length}`)] });
      } else {
        expect(() => open(path)).toThrow(expect.objectContaining({ code: 'object_corrupt', message: expect.stringMatching(/flipped\/coordinator\.log is damaged .*(at byte \d+|first 24 bytes).*move the file away/) }));
        expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
      }
    }
  });

  it('tells damage in the middle from a power cut that let a later record get to the disk first', async () => {
    await using folder = await temporaryFolder();
    const killed = await killedAfter(join(folder.path, 'killed'), [...three, ...three], 'append');
    const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(0, 30, 40);
    writeFileSync(fileOf(join(folder.path, 'killed')), flipped(killed));
    // None of these had been confirmed: the disk may keep them in any order.
    expect(await reread(join(folder.path, 'killed'))).toEqual({ records: [], warnings: [expect.stringContaining('with 5 records that were written after what is missing')] });

    await killedAfter(join(folder.path, 'closed'), three, 'append');
    writeFileSync(fileOf(join(folder.path, 'closed')), flipped(readFileSync(fileOf(join(folder.path, 'closed')))));
    expect(() => open(join(folder.path, 'closed'))).toThrow(expect.objectContaining({ code: 'object_corrupt', message: expect.stringContaining('at byte 24') }));
  });

  it('takes no record twice, and none of another place', async () => {
    await using folder = await temporaryFolder();
    const one = await killedAfter(join(folder.path, 'one'), three.slice(0, 1), 'append');
    const frame = one.subarray(24);
    writeFileSync(fileOf(join(folder.path, 'one')), Buffer.concat([one, frame]));
    expect(await reread(join(folder.path, 'one'))).toEqual({ records: three.slice(0, 1), warnings: [expect.stringContaining(`at byte ${one.length}`)] });
  });

  it('is small again after it was compacted, and goes on counting', async () => {
    await using folder = await temporaryFolder();
    const { log } = open(folder.path);
    for (let n = 1; n <= 1000; n++) log.append({ n });
    const waiting = [log.appendSynced({ n: 1001 }), log.appendSynced({ n: 1002 })];
    expect(log.compact({ upTo: 1002 })).toBe(1003);
    expect(await Promise.all(waiting)).toEqual([1001, 1002]);
    expect(log.bytes).toBeLessThan(100);
    expect(log.append({ n: 1003 })).toBe(1004);
    expect(log.generation).toBe(2);
    await log.close();
    expect(readdirSync(folder.path)).toEqual(['coordinator.log']);
    expect((await reread(folder.path)).records).toEqual([{ upTo: 1002 }, { n: 1003 }]);
    // A compaction that was cut short leaves the log as it was.
    writeFileSync(`${fileOf(folder.path)}.new`, 'half');
    expect((await reread(folder.path)).records).toEqual([{ upTo: 1002 }, { n: 1003 }]);
    expect(readdirSync(folder.path)).toEqual(['coordinator.log']);
  });

  it('tells a follower of every record and every snapshot', async () => {
    await using folder = await temporaryFolder();
    const told: unknown[] = [];
    const tell = (kind: string) => ({ sequence, payload }: LogEntry) => void told.push([kind, sequence, JSON.parse(Buffer.from(payload).toString())]);
    const { log } = open(folder.path, { follower: { appended: tell('appended'), compacted: tell('compacted') } });
    log.append('a');
    log.appendNow('b');
    await log.appendSynced('c');
    log.compact('abc');
    await log.close();
    expect(told).toEqual([['appended', 1, 'a'], ['appended', 2, 'b'], ['appended', 3, 'c'], ['compacted', 4, 'abc']]);
  });

  it('has a record on the disk before it says so, and lets those that wait share a sync', async () => {
    await using folder = await temporaryFolder();
    const order: string[] = [];
    const now = jest.spyOn(fs, 'fdatasyncSync').mockImplementation((fd) => {
      fs.fsyncSync(fd);
      order.push('synced');
    });
    const later = jest.spyOn(fs, 'fdatasync');
    const { log } = open(folder.path, { groupMs: 5, follower: { appended: ({ sequence }) => void order.push(`told of ${sequence}`), compacted: () => undefined } });
    log.appendNow('a');
    log.append('b');
    expect(order).toEqual(['synced', 'told of 1', 'told of 2']);
    expect(later).not.toHaveBeenCalled();
    while (later.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await log.sync();
    await Promise.all(Array.from({ length: 100 }, (_, n) => log.appendSynced(n)));
    expect(later.mock.calls.length).toBeLessThanOrEqual(3);
    await log.close();
    now.mockRestore();
    later.mockRestore();
  });

  it('relies on nothing that follows a failed sync, until a new file is on the disk', async () => {
    await using folder = await temporaryFolder();
    const failures: string[] = [];
    const { log } = open(folder.path, { groupMs: 1, onFailure: ({ code }) => failures.push(code) });
    log.appendNow('a');
    const broken = jest.spyOn(fs, 'fdatasync').mockImplementation((_fd, done) => void setImmediate(() => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))));
    log.append('b');
    while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    broken.mockRestore();
    const failed = expect.objectContaining({ code: 'storage_failed', message: expect.stringMatching(/^syncing the log .* failed: EIO/) });
    for (const act of [() => log.append('c'), () => log.appendNow('c')]) expect(act).toThrow(failed);
    await expect(log.appendSynced('c')).rejects.toEqual(failed);
    log.compact('ab');
    log.appendNow('c');
    await log.close();
    expect(await reread(folder.path)).toEqual({ records: ['ab', 'c'], warnings: [] });
  });

  whenRoot('says that the disk is full, loses nothing, and goes on when there is room', async () => {
    await using disk = await smallTmpfs(1);
    const folder = join(disk.path, 'log');
    const { log } = open(folder);
    const filler = join(disk.path, 'filler');
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(filler, new Uint8Array((bavail - 2) * bsize));
    let written = 0;
    const appendUntilFull = (): void => {
      for (;;) {
        log.appendNow({ n: written + 1, text: 'x'.repeat(1000) });
        written++;
      }
    };
    const full = expect.objectContaining({ code: 'storage_full', message: expect.stringMatching(/^no space: writing to the log .*coordinator\.log needs \d+ bytes, \d+ bytes are free in .*; free some space/) });
    expect(appendUntilFull).toThrow(full);
    expect(written).toBeGreaterThan(0);
    expect(appendUntilFull).toThrow(full);
    expect(() => log.compact({ text: 'x'.repeat(50_000) })).toThrow(expect.objectContaining({ code: 'storage_full' }));
    const copied = async (): Promise<unknown> => {
      await using elsewhere = await temporaryFolder();
      writeFileSync(fileOf(elsewhere.path), readFileSync(fileOf(folder)));
      const { records, warnings } = await reread(elsewhere.path);
      return [records.length, warnings];
    };
    expect(await copied()).toEqual([written, []]);
    rmSync(filler);
    log.appendNow({ n: ++written });
    expect(await copied()).toEqual([written, []]);
    log.compact({ upTo: written });
    log.appendNow('more');
    await log.close();
    expect(await reread(folder)).toEqual({ records: [{ upTo: written }, 'more'], warnings: [] });
  });
});
