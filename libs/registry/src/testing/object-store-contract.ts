import assert from 'node:assert/strict';
import { LangevinError, type ErrorCode } from '@langevin/contracts';
import type { ObjectInfo, ObjectStore } from '../object-store.js';

/** One promise of `ObjectStore`, and how to check it on an empty store. */
export interface ContractCase {
  readonly name: string;
  check(store: ObjectStore): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function rejectsWith(code: ErrorCode, part: string, action: Promise<unknown>): Promise<void> {
  await assert.rejects(action, (thrown) => {
    assert.ok(thrown instanceof LangevinError, String(thrown));
    assert.equal(thrown.code, code);
    assert.ok(thrown.message.includes(part), `"${thrown.message}" should name "${part}"`);
    return true;
  });
}

const reading: ContractCase[] = [
  {
    name: 'gives back the bytes that were put, the empty object included',
    async check(store) {
      const large = Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * 7) % 251);
      await store.put('a/large', large);
      await store.put('a/empty', new Uint8Array(0));
      assert.ok(Buffer.from(await store.get('a/large')).equals(large));
      assert.equal((await store.get('a/empty')).byteLength, 0);
      assert.deepEqual(await store.head('a/large'), { key: 'a/large', size: 3_000_001 });
    },
  },
  {
    name: 'streams an object, and any range of it',
    async check(store) {
      const content = Uint8Array.from({ length: 2_500_000 }, (_, i) => (i * 31) % 253);
      await store.put('s', content);
      assert.ok(Buffer.concat(await collect(store.stream('s'))).equals(content));
      for (const [start, end] of [[0, 1], [1_048_575, 1_048_577], [2_499_999, 2_500_000], [7, 7]] as const) {
        assert.ok(Buffer.concat(await collect(store.stream('s', { start, end }))).equals(content.subarray(start, end)));
      }
      await rejectsWith('invalid_argument', '2500000 bytes', collect(store.stream('s', { start: 0, end: 2_500_001 })));
    },
  },
  {
    name: 'lets a reader stop in the middle of a stream',
    async check(store) {
      await store.put('s', new Uint8Array(3_000_000));
      for await (const piece of store.stream('s')) {
        assert.ok(piece.byteLength > 0);
        break;
      }
      assert.equal((await store.get('s')).byteLength, 3_000_000);
    },
  },
  {
    name: 'names a missing object',
    async check(store) {
      await store.put('a/b', bytes('x'));
      assert.equal(await store.head('nothing/here'), undefined);
      assert.equal(await store.head('a'), undefined);
      await rejectsWith('object_missing', 'nothing/here', store.get('nothing/here'));
      await rejectsWith('object_missing', '"a"', store.get('a'));
      await rejectsWith('object_missing', 'nothing/here', collect(store.stream('nothing/here')));
    },
  },
  {
    name: 'lists keys as they are, also those that look like numbers',
    async check(store) {
      const keys = ['0', '007', '1.50', '1e5', '9007199254740993', 'p/00', 'true'];
      for (const key of keys) await store.put(key, bytes(key));
      assert.deepEqual((await collect(store.list(''))).map(({ key }) => key), keys);
      assert.equal(text(await store.get('007')), '007');
    },
  },
  {
    name: 'lists by prefix in ascending order of keys',
    async check(store) {
      const keys = ['p/a-c', 'p/a.json', 'p/a0/x', 'p/a/b/c', 'p/a/d', 'pq', 'z'];
      for (const key of keys) await store.put(key, bytes(key));
      const list = async (prefix: string): Promise<string[]> => (await collect(store.list(prefix))).map(({ key }: ObjectInfo) => key);
      assert.deepEqual(await list(''), ['p/a-c', 'p/a.json', 'p/a/b/c', 'p/a/d', 'p/a0/x', 'pq', 'z']);
      assert.deepEqual(await list('p/'), ['p/a-c', 'p/a.json', 'p/a/b/c', 'p/a/d', 'p/a0/x']);
      assert.deepEqual(await list('p/a/'), ['p/a/b/c', 'p/a/d']);
      assert.deepEqual(await list('p/a'), ['p/a-c', 'p/a.json', 'p/a/b/c', 'p/a/d', 'p/a0/x']);
      assert.deepEqual(await list('nothing/'), []);
      assert.deepEqual((await collect(store.list('pq'))), [{ key: 'pq', size: 2 }]);
    },
  },
];

const writing: ContractCase[] = [
  {
    name: 'replaces an object, unless the put says ifAbsent',
    async check(store) {
      assert.equal(await store.put('k', bytes('one'), { ifAbsent: true }), 'written');
      assert.equal(await store.put('k', bytes('two'), { ifAbsent: true }), 'exists');
      assert.equal(text(await store.get('k')), 'one');
      assert.equal(await store.put('k', bytes('three')), 'written');
      assert.equal(text(await store.get('k')), 'three');
    },
  },
  {
    name: 'lets exactly one of 32 concurrent creators win, with its bytes',
    async check(store) {
      const results = await Promise.all(Array.from({ length: 32 }, (_, i) => store.put('race', bytes(`writer ${i}`), { ifAbsent: true })));
      assert.equal(results.filter((result) => result === 'written').length, 1);
      assert.equal(text(await store.get('race')), `writer ${results.indexOf('written')}`);
    },
  },
  {
    name: 'stores a stream, and nothing at all when the stream fails or has another length',
    async check(store) {
      const source = (size: number, ...pieces: (string | Error)[]) => ({
        size,
        async *open() {
          for (const piece of pieces) {
            if (piece instanceof Error) throw piece;
            yield bytes(piece);
          }
        },
      });
      await store.put('whole', source(6, 'abc', 'def'));
      assert.equal(text(await store.get('whole')), 'abcdef');
      await rejectsWith('storage_failed', 'source broke', store.put('part', source(6, 'abc', new Error('source broke'))));
      await rejectsWith('storage_failed', '6 bytes', store.put('part', source(6, 'abc')));
      await rejectsWith('storage_failed', '6 bytes', store.put('part', source(6, 'abcd', 'efgh')));
      assert.equal(await store.head('part'), undefined);
      assert.equal((await collect(store.list(''))).length, 1);
    },
  },
  {
    name: 'removes an object, and nothing else; one that is not there is fine',
    async check(store) {
      await store.put('a/b', bytes('x'));
      await store.put('a/bc', bytes('y'));
      await store.remove('a/b');
      await store.remove('a/b');
      await store.remove('a');
      assert.equal(await store.head('a/b'), undefined);
      assert.deepEqual(await collect(store.list('')), [{ key: 'a/bc', size: 1 }]);
      assert.equal(await store.put('a/b', bytes('z'), { ifAbsent: true }), 'written');
    },
  },
  {
    name: 'refuses keys that leave the store, hide in it or differ by case',
    async check(store) {
      for (const key of ['', '/', '/etc/passwd', '../x', 'a/../b', 'a//b', 'a/', '.tmp/x', 'a/.b', 'A', 'a b', 'a\\b', 'a\0b', 'ä', 'x'.repeat(256), 'a/'.repeat(600) + 'a']) {
        await rejectsWith('invalid_argument', 'not valid', store.put(key, bytes('x')));
        await rejectsWith('invalid_argument', 'not valid', store.get(key));
        await rejectsWith('invalid_argument', 'not valid', store.head(key));
        await rejectsWith('invalid_argument', 'not valid', store.remove(key));
        await rejectsWith('invalid_argument', 'not valid', collect(store.stream(key)));
      }
      await rejectsWith('invalid_argument', 'not valid', collect(store.list('../')));
    },
  },
  {
    name: 'says that it can be written, and leaves no trace of the trial',
    async check(store) {
      assert.equal((await store.probe()).writable, true);
      assert.deepEqual(await collect(store.list('')), []);
    },
  },
];

/** What every adapter promises. Run each case against a fresh store. */
export const objectStoreContract: readonly ContractCase[] = [...reading, ...writing];
