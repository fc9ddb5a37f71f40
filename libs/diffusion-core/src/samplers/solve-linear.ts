/**
 * The solution of a small system of linear equations by elimination, without exchanging rows: for matrices none of whose leading minors is 0, as those
 * of Vandermonde's with distinct places are. The arguments are kept.
 */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivot, i) => {
    for (const row of rows.slice(i + 1)) {
      const factor = row[i]! / pivot[i]!;
      row.forEach((value, j) => (row[j] = value - factor * pivot[j]!));
    }
  });
  const solution = new Array<number>(rows.length).fill(0);
  for (let i = rows.length - 1; i >= 0; i--) {
    const known = solution.reduce((sum, value, j) => sum + value * rows[i]![j]!, 0); // Those not found yet are 0.
    solution[i] = (rows[i]!.at(-1)! - known) / rows[i]![i]!;
  }
  return solution;
}
