/**
 * The line of a YAML text on which the value of a path stands, from 1 on: the keys are looked for one after the other, in blocks and in braces.
 * @param path as in `training.steps`
 * @returns undefined where one is missing
 */
export function lineOf(yaml: string, path: string): number | undefined {
  const lines = yaml.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''));
  let from = 0;
  let found: number | undefined;
  for (const key of path.split('.')) {
    const at = lines.findIndex((line, i) => i >= from && new RegExp(`(?:^|[\\s{,])["']?${escaped(key)}["']?\\s*:`).test(line));
    if (at < 0) return found;
    from = at;
    found = at + 1;
  }
  return found;
}

function escaped(key: string): string {
  return key.replace(/\[\d+\]$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
