/**
 * Everything that the bits of a gradient depend on besides job and data: TensorFlow build, threads, CPU model and ISA,
 * V, b, precision, wire. Trainers of one job share one class.
 */
export type NumericsClass = Readonly<Record<string, string>>;

/** The fields in which two classes differ, with both values, and who expects the one; empty when the classes are the same. */
export function numericsDifferences(expected: NumericsClass, actual: NumericsClass, who = 'the job'): string[] {
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return fields
    .filter((field) => expected[field] !== actual[field])
    .map((field) => `${field} is "${actual[field] ?? 'absent'}", ${who} needs "${expected[field] ?? 'absent'}"`);
}
