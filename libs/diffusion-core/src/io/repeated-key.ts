/**
 * The first key that occurs twice in one object of a JSON text, or undefined. Keys are compared as they read after
 * unescaping: "a" and "\\u0061" are equal.
 *
 * @param json text that JSON.parse has accepted
 */
export function repeatedKey(json: string): string | undefined {
  // The keys seen in each open object; undefined stands for an array.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(json, at);
      const keys = open[open.length - 1];
      if (keys !== undefined && isKey(json, end)) {
        const key = String(JSON.parse(json.slice(at, end)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Index behind the closing quote of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** A string is a key when a colon follows it. */
function isKey(json: string, end: number): boolean {
  let next = end;
  while (next < json.length && ' \t\n\r'.includes(json[next]!)) next++;
  return json[next] === ':';
}
