import { useEffect, useState } from 'react';
import { PictureStore } from './picture-store.js';

const store = new PictureStore(async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
});

/** Pictures that are decoded, in the order of their addresses. */
export interface Pictures {
  readonly urls: readonly string[];
  readonly images: readonly HTMLImageElement[];
}

/** What there is to show. */
export interface PicturesState {
  /** The last pictures that were whole: those asked for, or the ones before while these load. */
  readonly shown: Pictures | undefined;
  readonly failed: boolean;
}

/** Loads pictures; those before stay until the new ones are there, so that nothing flickers. */
export function usePictures(urls: readonly string[]): PicturesState {
  const key = urls.join('\n');
  const [state, setState] = useState<PicturesState & { readonly key: string }>({ key: '', shown: undefined, failed: false });
  useEffect(() => {
    let isCurrent = true;
    const wanted = key === '' ? [] : key.split('\n');
    Promise.all(wanted.map((url) => store.get(url))).then(
      (images) => isCurrent && setState({ key, shown: { urls: wanted, images }, failed: false }),
      () => isCurrent && setState((old) => ({ ...old, key, failed: true })),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  const ready = urls.map((url) => store.peek(url));
  if (ready.every((image) => image !== undefined)) return { shown: { urls, images: ready }, failed: false };
  return { shown: state.shown, failed: state.failed && state.key === key };
}

/** Loads pictures that are likely to be wanted next. */
export function usePreload(urls: readonly string[]): void {
  const key = urls.join('\n');
  useEffect(() => {
    const wanted = key === '' ? [] : key.split('\n');
    // One that cannot be loaded says so when it is shown.
    const idle = setTimeout(() => wanted.forEach((url) => void store.get(url).catch(() => undefined)), 120);
    return () => clearTimeout(idle);
  }, [key]);
}
