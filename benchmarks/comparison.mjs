/** Two-sided 95 % quantiles of Student's t by degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2); beyond them the normal one. */
const t95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131];

const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** How much of `amount` the work does in a second. */
export async function rateOf(amount, work) {
  const startMs = performance.now();
  await work();
  return (amount * 1000) / (performance.now() - startMs);
}

/**
 * Compares two sides that do the same thing, one right after the other in every round, so that whatever else the machine does strikes both.
 * `ours` and `theirs` of a round resolve to rates. The result has `facts`, the medians of the rates, the geometric mean of the ratios of the
 * rounds, and the lower end of its 95 % interval.
 */
export function alternate(facts) {
  const rates = { ours: [], theirs: [] };
  return {
    async round({ counts, oursFirst, ours, theirs }) {
      for (const [side, measure] of oursFirst ? [['ours', ours], ['theirs', theirs]] : [['theirs', theirs], ['ours', ours]]) {
        const rate = await measure();
        if (counts) rates[side].push(rate);
      }
    },
    result() {
      const logs = rates.ours.map((rate, index) => Math.log(rate / rates.theirs[index]));
      const spread = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean(logs)) ** 2, 0) / (logs.length - 1) / logs.length);
      const low = mean(logs) - (t95[logs.length - 2] ?? 1.96) * spread;
      const rounded = (value, digits) => Number(value.toFixed(digits));
      return {
        ...facts,
        ours: rounded(median(rates.ours), 1),
        theirs: rounded(median(rates.theirs), 1),
        ratio: rounded(Math.exp(mean(logs)), 3),
        ratioLow95: rounded(Math.exp(low), 3),
      };
    },
  };
}

/** The results for people: one line each, behind what `title` says of it, then the notes. */
export function formatTable(results, { unit, title, notes }) {
  const cells = results.map((result) => [title(result), ...[result.ours, result.theirs, result.ratio, result.ratioLow95].map(String)]);
  const rows = [['', `OURS ${unit}`, `THEIRS ${unit}`, 'RATIO', 'AT LEAST (95 %)'], ...cells];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
  return [...lines, ...notes].join('\n');
}
