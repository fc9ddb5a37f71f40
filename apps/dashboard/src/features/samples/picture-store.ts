/** Pictures that are kept decoded: about 25 MB of the usual ones. */
const mostPictures = 240;

/** Loads a picture; tests give another one. */
export type LoadPicture<Picture> = (url: string) => Promise<Picture>;

/** Pictures by address, decoded and ready to be drawn. Those that were asked for longest ago go first. */
export class PictureStore<Picture> {
  readonly #load: LoadPicture<Picture>;
  readonly #capacity: number;
  readonly #kept = new Map<string, { readonly picture: Promise<Picture>; loaded?: Picture }>();

  constructor(load: LoadPicture<Picture>, capacity = mostPictures) {
    this.#load = load;
    this.#capacity = capacity;
  }

  /** The picture, if it is there already. */
  peek(url: string): Picture | undefined {
    return this.#kept.get(url)?.loaded;
  }

  /** Loads a picture, once; a failure is not kept. */
  get(url: string): Promise<Picture> {
    const kept = this.#kept.get(url);
    if (kept) {
      this.#kept.delete(url);
      this.#kept.set(url, kept);
      return kept.picture;
    }
    const entry: { readonly picture: Promise<Picture>; loaded?: Picture } = { picture: this.#load(url) };
    this.#kept.set(url, entry);
    entry.picture.then(
      (picture) => (entry.loaded = picture),
      () => this.#kept.delete(url),
    );
    this.#dropOldest();
    return entry.picture;
  }

  #dropOldest(): void {
    for (const url of this.#kept.keys()) {
      if (this.#kept.size <= this.#capacity) return;
      this.#kept.delete(url);
    }
  }
}
