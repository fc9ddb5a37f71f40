/** The system's code of an error (`ENOENT` …), if it has one. By shape: an error of another realm is no instance of this one's Error. */
export function errnoOf(thrown: unknown): string | undefined {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}
