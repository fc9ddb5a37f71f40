const noticed = new Set(['Killed', 'Timeout']);
const unnoticed = new Set(['Survived', 'NoCoverage']);

/** How many mutants of a folder were killed, of those that count, and which were not. One that only hangs counts as killed. */
export function summarize(folder, mutants) {
  const killed = mutants.filter(({ status }) => noticed.has(status)).length;
  const survivors = mutants
    .filter(({ status }) => unnoticed.has(status))
    .map(({ fileName, location, mutatorName, replacement, status }) => ({
      file: fileName.replace(/^.*libs\/diffusion-core\/src\//, ''),
      line: location.start.line,
      column: location.start.column,
      mutator: mutatorName,
      replacement: replacement.replaceAll(/\s+/g, ' '),
      status,
    }));
  const total = killed + survivors.length;
  return { folder, killed, total, percent: total === 0 ? 100 : (100 * killed) / total, survivors };
}
