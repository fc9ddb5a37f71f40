import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import type { ObjectStore } from './object-store.js';
import { Register } from './register.js';

interface Pointer {
  readonly writeId: string;
  readonly version: number;
}

const prefix = 'v1/test/production';

const parse = (value: unknown): Pointer => value as Pointer; // Only what the specs themselves have written.

function registerOn(store: ObjectStore): Register<Pointer> {
  return new Register(store, prefix, parse);
}

describe('a register', () => {
  it('has the value of its newest generation, and remembers the others', async () => {
    await using folder = await temporaryFolder();
    const register = registerOn(await DirectoryStore.open(folder.path));
    expect(await register.read()).toBeUndefined();
    expect(await register.swap(0, { writeId: 'a', version: 1 })).toMatchObject({ status: 'swapped', entry: { generation: 1 } });
    expect(await register.swap(1, { writeId: 'b', version: 2 })).toMatchObject({ status: 'swapped', entry: { generation: 2 } });
    expect(await register.read()).toMatchObject({ generation: 2, value: { version: 2 } });
    const past = [];
    for await (const { generation, value } of register.history()) past.push([generation, value.version]);
    expect(past).toEqual([[1, 1], [2, 2]]);
  });

  it('refuses who comes too late, and says what it holds', async () => {
    await using folder = await temporaryFolder();
    const register = registerOn(await DirectoryStore.open(folder.path));
    await register.swap(0, { writeId: 'a', version: 1 });
    await register.swap(1, { writeId: 'b', version: 2 });
    expect(await register.swap(0, { writeId: 'c', version: 3 })).toMatchObject({ status: 'moved', current: { generation: 2, value: { version: 2 } } });
    expect(await register.read()).toMatchObject({ generation: 2 });
  });

  it('lets exactly one of 32 concurrent swaps win, each time', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    for (let round = 0; round < 4; round++) {
      const swaps = Array.from({ length: 32 }, (_, i) => registerOn(store).swap(round, { writeId: `${round}.${i}`, version: i }));
      const results = await Promise.all(swaps);
      const winners = results.flatMap((result) => (result.status === 'swapped' ? [result.entry.value.writeId] : []));
      expect(winners).toHaveLength(1);
      expect((await registerOn(store).read())?.value.writeId).toBe(winners[0]);
    }
  });

  it('knows its own change again by the writeId, when the answer was lost', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const register = registerOn(store);
    const put = store.put.bind(store);
    store.put = async (key, body, options) => {
      const result = await put(key, body, options);
      if (key.startsWith(prefix)) throw new Error('the answer was lost');
      return result;
    };
    const change = { writeId: 'mine', version: 1 };
    await expect(register.swap(0, change)).rejects.toThrow('lost');
    store.put = put;
    expect(await register.swap(0, change)).toMatchObject({ status: 'swapped', entry: { generation: 1 } });
    expect(await register.swap(0, { ...change, writeId: 'another' })).toMatchObject({ status: 'moved', current: { value: change } });
  });

  it('leaves no gap, and does not cover damage with a new value', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const register = registerOn(store);
    for (const generation of [1, -1, 0.5, 99_999_999]) {
      await expect(register.swap(generation, { writeId: 'a', version: 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    await register.swap(0, { writeId: 'a', version: 1 });
    await store.put(`${prefix}/00000001.json`, Buffer.from('?'));
    await expect(register.swap(0, { writeId: 'b', version: 2 })).rejects.toMatchObject({ code: 'object_corrupt' });
    await expect(register.read()).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('00000001.json') });
  });
});
