/** A number with its noun: `1 trainer`, `3 trainers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
