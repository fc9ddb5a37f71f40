/** Looks of a table: quiet heads, thin lines, numbers to the right. */
export const tableClass = 'w-full border-collapse text-left';
/** A head cell. */
export const headClass = 'h-8 border-b border-line px-3 text-xs font-medium whitespace-nowrap text-ink-3';
/** A body cell. */
export const cellClass = 'h-9 border-b border-line px-3 whitespace-nowrap';
