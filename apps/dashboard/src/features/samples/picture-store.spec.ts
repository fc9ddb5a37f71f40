import { PictureStore } from './picture-store.js';

function countingStore(capacity: number) {
  const loads: string[] = [];
  const store = new PictureStore((url) => {
    loads.push(url);
    return url.includes('broken') ? Promise.reject(new Error('404')) : Promise.resolve(`picture of ${url}`);
  }, capacity);
  return { store, loads };
}

describe('PictureStore', () => {
  it('loads each picture once, and has it at hand afterwards', async () => {
    const { store, loads } = countingStore(3);
    expect(store.peek('a')).toBeUndefined();
    await Promise.all([store.get('a'), store.get('a')]);
    expect(store.peek('a')).toBe('picture of a');
    expect(loads).toEqual(['a']);
  });

  it('drops the one that was asked for longest ago', async () => {
    const { store } = countingStore(2);
    for (const url of ['a', 'b', 'a', 'c']) await store.get(url);
    expect([store.peek('a'), store.peek('b'), store.peek('c')]).toEqual(['picture of a', undefined, 'picture of c']);
  });

  it('tries again after a failure', async () => {
    const { store, loads } = countingStore(2);
    await expect(store.get('broken')).rejects.toThrow('404');
    await expect(store.get('broken')).rejects.toThrow('404');
    expect(loads).toEqual(['broken', 'broken']);
  });
});
