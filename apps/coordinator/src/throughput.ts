const WINDOW = 20;

/** Images a second over the last steps, from the times at which they were committed. */
export class Throughput {
  readonly #commits: { readonly atMs: number; readonly images: number }[] = [];

  /** Notes that a step of `images` images was committed at `atMs`. */
  committed(atMs: number, images: number): void {
    this.#commits.push({ atMs, images });
    if (this.#commits.length > WINDOW) this.#commits.shift();
  }

  /** 0 until two steps were committed. */
  get imagesPerSecond(): number {
    const first = this.#commits[0];
    const last = this.#commits.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return 0;
    const images = this.#commits.slice(1).reduce((sum, commit) => sum + commit.images, 0);
    return (images * 1000) / (last.atMs - first.atMs);
  }
}
