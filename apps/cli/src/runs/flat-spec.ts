/** Values of a specification by their path: `training.learningRate` → 0.001. Lists are values. */
export type FlatSpec = ReadonlyMap<string, unknown>;

/** Every value of a specification by its path, in its order. */
export function flattenSpec(spec: unknown, path = ''): FlatSpec {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return new Map([[path, spec]]);
  return new Map(Object.entries(spec).flatMap(([key, value]) => [...flattenSpec(value, path === '' ? key : `${path}.${key}`)]));
}

/** A value as people write it; a dash where there is none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A number of a specification; 0 where it is none. */
export function numberAt(spec: FlatSpec, path: string): number {
  const value = spec.get(path);
  return typeof value === 'number' ? value : 0;
}
