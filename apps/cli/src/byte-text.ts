const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "812 B", "4.1 MiB", "37 GiB": two or three digits that tell. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? ''}`;
}
