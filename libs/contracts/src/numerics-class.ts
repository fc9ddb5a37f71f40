/**
 * Everything that the bits of a gradient depend on besides job and data: TensorFlow build, threads, CPU model and ISA,
 * V, b, precision, wire. Trainers of one job share one class.
 */
export type NumericsClass = Readonly<Record<string, string>>;

/** The fields in which two classes differ, as `field: theirs, expected ours`; empty when the classes are the same. */
export function numericsDifferences(expected: NumericsClass, actual: NumericsClass): string[] {
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return fields
    .filter((field) => expected[field] !== actual[field])
    .map((field) => `${field} is "${actual[field] ?? 'absent'}", the job needs "${expected[field] ?? 'absent'}"`);
}
