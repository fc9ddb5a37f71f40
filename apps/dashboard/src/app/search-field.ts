/** Reads one value of an address: undefined for what it does not take. */
export type SearchField<Value> = (value: unknown) => Value | undefined;

/** What the fields of an address hold; what is wrong or missing is undefined. */
export type SearchOf<Fields> = { readonly [Key in keyof Fields]?: (Fields[Key] extends SearchField<infer Value> ? Value : never) | undefined };

/** Any text. */
export const text: SearchField<string> = (value) => (typeof value === 'string' ? value : undefined);

/** A whole number from 0 on. */
export const wholeNumber: SearchField<number> = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined);

/** A number in a range; both ends are allowed. */
export const numberIn =
  (least: number, most: number): SearchField<number> =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? value : undefined;

/** True or false. */
export const flag: SearchField<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** One of some words. */
export const oneOf =
  <Word extends string>(...words: readonly Word[]): SearchField<Word> =>
  (value) =>
    words.find((word) => word === value);

/** A list of texts. */
export const texts: SearchField<string[]> = (value) => (Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined);

/** Two whole numbers. */
export const pair: SearchField<[number, number]> = (value) => {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [first, second] = value.map(wholeNumber);
  return first === undefined || second === undefined ? undefined : [first, second];
};

/** Reads the fields of an address; what is wrong there is left out, never an error. */
export function readFields<Fields extends Readonly<Record<string, SearchField<unknown>>>>(fields: Fields): (search: Readonly<Record<string, unknown>>) => SearchOf<Fields> {
  return (search) => {
    const found = Object.entries(fields).map(([key, read]) => [key, read(search[key])] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as SearchOf<Fields>; // Each was read by the field of its key.
  };
}
