/** The look of a menu. */
export const menuClass = 'z-50 min-w-44 rounded-lg border border-line bg-surface p-1 shadow-xl';
/** The look of an item of a menu. */
export const menuItemClass =
  'flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-ink outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-raised';
