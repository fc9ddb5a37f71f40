import { PartReader, readBody } from './part-reader.js';

/** The bytes 0 … size−1, in pieces of `step`; says whether they were let go of. */
function counted(size: number, step: number): { readonly body: { readonly size: number; open(): AsyncGenerator<Uint8Array> }; readonly closed: () => boolean } {
  let closed = false;
  const all = Uint8Array.from({ length: size }, (_, index) => index);
  async function* open(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < size; at += step) yield all.subarray(at, at + step);
    } finally {
      closed = true;
    }
  }
  return { body: { size, open }, closed: () => closed };
}

describe('PartReader', () => {
  it.each([[1], [3], [5], [100]])('cuts a body that comes in pieces of %i into equal parts', async (step) => {
    const reader = new PartReader(counted(11, step).body);
    const parts = [];
    for (let part = await reader.next(new Uint8Array(4)); part; part = await reader.next(new Uint8Array(4))) parts.push([part.number, [...part.bytes]]);
    expect(parts).toEqual([
      [1, [0, 1, 2, 3]],
      [2, [4, 5, 6, 7]],
      [3, [8, 9, 10]],
    ]);
  });

  it('serves callers at the same time, in turn', async () => {
    const reader = new PartReader(counted(8, 3).body);
    const parts = await Promise.all([1, 2, 3].map(() => reader.next(new Uint8Array(4))));
    expect(parts.map((part) => part && [...part.bytes])).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], undefined]);
  });

  it('lets go of the body when it is closed early', async () => {
    const { body, closed } = counted(8, 3);
    const reader = new PartReader(body);
    await reader.next(new Uint8Array(4));
    await reader.close();
    expect(closed()).toBe(true);
  });

  it.each([4, 6])('refuses a body of 5 bytes that says it has %i', async (size) => {
    const { body } = counted(5, 2);
    await expect(readBody({ ...body, size })).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining(`a body of ${size} bytes was announced, 5 came`) });
  });
});
