/** The look of the palette's dialog. */
export const paletteClass = 'mx-auto mt-[12vh] w-[calc(100vw-2rem)] max-w-lg overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl';
/** The look of its input. */
export const paletteInputClass = 'h-11 w-full border-b border-line bg-transparent px-4 text-base placeholder:text-ink-3 focus-visible:outline-none';
