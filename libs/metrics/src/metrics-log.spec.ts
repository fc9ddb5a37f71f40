import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import type { RunEvent } from '@langevin/contracts/api';
import { DirectoryStore, type ObjectStore } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { MetricsLog } from './metrics-log.js';
import { MetricsReader } from './metrics-reader.js';
import { pointAt } from './testing/points.js';

const run = 'digits';
const startedAt = '2026-11-24T12:00:00.000Z';
const window = { x: 'step', buckets: 10_000 } as const;

interface Opened {
  readonly log: MetricsLog;
  readonly events: RunEvent[];
  readonly lines: string[];
}

let ids = 0;

async function open(store: ObjectStore, folder: string): Promise<Opened> {
  const events: RunEvent[] = [];
  const lines: string[] = [];
  const log = await MetricsLog.open({
    store,
    folder: join(folder, 'metrics'),
    clock: () => 0,
    newId: () => `id-${(ids += 1)}`,
    onEvent: (_run, event) => void events.push(event),
    log: (line) => void lines.push(line),
    closeWithinMs: 200,
  });
  return { log, events, lines };
}

async function losses(log: MetricsLog): Promise<(readonly [number, number])[]> {
  const { x, last } = (await log.curves(run, ['loss'], window)).keys.loss!;
  return x.map((step, index) => [step, last[index]!] as const);
}

function record(log: MetricsLog, from: number, to: number, salt = 0): void {
  for (let step = from; step <= to; step += 1) log.record(run, pointAt(step, salt));
}

const expected = (from: number, to: number, salt = 0) => Array.from({ length: to - from + 1 }, (_, index) => [from + index, pointAt(from + index, salt).loss] as const);

async function segments(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`v1/runs/${run}/metrics/`)) keys.push(key);
  return keys;
}

describe('a log of metrics', () => {
  it('shows what is sealed and what is not, as one curve', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { log } = await open(store, folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    record(log, 1, 3);
    await log.seal(run);
    record(log, 4, 5);
    expect(await losses(log)).toEqual(expected(1, 5));
    await log.seal(run);
    record(log, 6, 6);
    expect(await losses(log)).toEqual(expected(1, 6));
    expect(await segments(store)).toEqual([`v1/runs/${run}/metrics/000001-000001.parquet`, `v1/runs/${run}/metrics/000001-000002.parquet`]);
    await log.end(run);
    expect(readdirSync(join(folder.path, 'metrics'))).toEqual([]);
    await using again = (await open(store, folder.path)).log;
    expect(await losses(again)).toEqual(expected(1, 6));
    expect(await again.lastPoint(run)).toEqual(pointAt(6));
  });

  it('hides what an attempt did after the step that the next one continued from', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await using first = (await open(store, folder.path)).log;
    first.begin(run, { startedAt, fromStep: 0 });
    record(first, 1, 25, 1);
    await first.end(run);
    await using second = (await open(store, folder.path)).log;
    second.begin(run, { startedAt, fromStep: 20 });
    record(second, 21, 22, 2);
    await second.seal(run);
    expect(await losses(second)).toEqual([...expected(1, 20, 1), ...expected(21, 22, 2)]);
    record(second, 23, 30, 2);
    second.begin(run, { startedAt, fromStep: 10 });
    record(second, 11, 12, 3);
    await second.seal(run);
    expect(await losses(second)).toEqual([...expected(1, 10, 1), ...expected(11, 12, 3)]);
    expect((await second.attempts(run)).map(({ attempt, fromStep }) => [attempt, fromStep])).toEqual([[1, 0], [2, 20], [3, 10]]);
  });

  it('loses nothing when its process dies, and doubles nothing', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const dead = await open(store, folder.path);
    dead.log.begin(run, { startedAt, fromStep: 0 });
    record(dead.log, 1, 10);
    dead.log.note(run, { time: startedAt, step: 0, kind: 'started', text: 'with trainer-1' });
    await dead.log.seal(run);
    record(dead.log, 11, 17);
    dead.log.note(run, { time: startedAt, step: 17, kind: 'trainer-lost', text: 'trainer-1' });
    dead.log.note(run, { time: startedAt, step: 17, kind: 'failed', text: 'lost trainer-1' });
    const [journal] = readdirSync(join(folder.path, 'metrics'));
    appendFileSync(join(folder.path, 'metrics', journal!), '{"point":{"step":18,"ti');

    for (const restart of [1, 2]) {
      const { log } = await open(store, folder.path);
      expect(await losses(log)).toEqual(expected(1, 17));
      expect((await log.events(run)).map(({ seq, kind }) => [seq, kind])).toEqual([[1_000_001, 'started'], [1_000_002, 'trainer-lost'], [1_000_003, 'failed']]);
      expect(await new MetricsReader({ store, clock: () => 0 }).lastEvent(run)).toMatchObject({ seq: 1_000_003, kind: 'failed' });
      expect(await segments(store)).toHaveLength(2);
      expect(readdirSync(join(folder.path, 'metrics'))).toEqual([]);
      expect(restart).toBeGreaterThan(0);
    }
  });

  it('recognises its own segment when the answer to the write was lost', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const isSegment = (key: string): boolean => key.endsWith('.parquet');
    const { log } = await open(failing(store, (key) => isSegment(key) && 'after'), folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    record(log, 1, 4);
    await expect(log.seal(run)).rejects.toMatchObject({ code: 'storage_unavailable' });
    const { log: next } = await open(store, folder.path);
    expect(await losses(next)).toEqual(expected(1, 4));
    expect(await segments(store)).toHaveLength(1);
  });

  it('waits for a store that is away, shows everything meanwhile, and catches up', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    let isAway = true;
    const { log, lines } = await open(failing(store, () => isAway && 'before'), folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    record(log, 1, 4);
    await expect(log.seal(run)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await log.end(run);
    expect(lines.join()).toContain('wait in');
    expect(readdirSync(join(folder.path, 'metrics'))).toHaveLength(1);
    isAway = false;
    const { log: next } = await open(store, folder.path);
    expect(await losses(next)).toEqual(expected(1, 4));
  });

  it('closes though the store never answers, and loses nothing', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { log, lines } = await open(failing(store, (key) => key.endsWith('.parquet') && 'never'), folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    record(log, 1, 4);
    await log[Symbol.asyncDispose]();
    expect(lines).toEqual([`metrics of run "${run}" wait in ${join(folder.path, 'metrics')}: the store has not answered for 200 ms`]);
    const { log: next } = await open(store, folder.path);
    expect(await losses(next)).toEqual(expected(1, 4));
  });

  it('passes over a damaged segment, and tells of the rest', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { log } = await open(store, folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    record(log, 1, 2);
    await log.seal(run);
    record(log, 3, 4);
    await log.end(run);
    await store.put(`v1/runs/${run}/metrics/000001-000001.parquet`, Buffer.from('rubbish'));
    const { log: next } = await open(store, folder.path);
    expect(await losses(next)).toEqual(expected(3, 4));
  });

  it('numbers events once, tells them when it knows the number, and does not write one document a checkpoint', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { log, events } = await open(store, folder.path);
    log.begin(run, { startedAt, fromStep: 0 });
    log.note(run, { time: startedAt, step: 0, kind: 'started', text: 'a' });
    for (let step = 1; step <= 40; step += 1) {
      log.record(run, pointAt(step));
      log.note(run, { time: startedAt, step, kind: 'checkpoint', text: `${step}` });
      await log.seal(run);
    }
    const all = await log.events(run);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, index) => 1_000_001 + index));
    expect(events).toEqual(all);
    const documents: string[] = [];
    for await (const { key } of store.list(`v1/runs/${run}/events/`)) documents.push(key);
    expect(documents).toHaveLength(2);
    await log.end(run);
    expect(await (await open(store, folder.path)).log.events(run)).toEqual(all);
  });
});

/** A store that fails before or after a write, or never answers it, as `when` says for each key. */
function failing(store: ObjectStore, when: (key: string) => false | 'before' | 'after' | 'never'): ObjectStore {
  const away = () => new LangevinError('storage_unavailable', 'the store is away');
  return {
    location: store.location,
    get: (key) => store.get(key),
    stream: (key, range) => store.stream(key, range),
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    remove: (key) => store.remove(key),
    probe: () => store.probe(),
    put: async (key, body, options) => {
      const fault = when(key);
      if (fault === 'before') throw away();
      if (fault === 'never') await new Promise(() => undefined);
      const result = await store.put(key, body, options);
      if (fault === 'after') throw away();
      return result;
    },
  };
}
