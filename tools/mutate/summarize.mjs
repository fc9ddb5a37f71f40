const unnoticed = new Set(['Survived', 'NoCoverage']);

/**
 * How many mutants of a folder a failing spec killed, how many ended at the time limit, and which went unnoticed. `percent` counts the first two:
 * most of what reaches the limit loops for ever, but a machine that is busy with other things also makes mutants late.
 */
export function summarize(folder, mutants) {
  const count = (wanted) => mutants.filter(({ status }) => status === wanted).length;
  const [killed, timedOut] = [count('Killed'), count('Timeout')];
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
  const total = killed + timedOut + survivors.length;
  return { folder, killed, timedOut, total, percent: total === 0 ? 100 : (100 * (killed + timedOut)) / total, survivors };
}
