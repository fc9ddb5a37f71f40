/** Milliseconds with three digits that matter. */
const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const sum = (numbers) => numbers.reduce((total, value) => total + value, 0);

const does = { gradient: 'the gradient of one micro-batch', apply: 'one update of the weights', sample: 'one denoising step' };

/** A profile for people. */
export function profileTable({ recipe, entry, images, runs, compileMs, firstMs, callMs, machine }, { operations, nodes, nodeCounts, graphMs, betweenMs }) {
  const share = (value) => `${((100 * value) / graphMs).toFixed(1)} %`;
  const overlapMs = sum(operations.map((operation) => operation.ms)) - (graphMs - betweenMs);
  const rows = [
    ['operation', 'calls', 'ms', 'share'],
    ...operations.map((operation) => [operation.operation, String(operation.calls), ms(operation.ms), share(operation.ms)]),
    ['between operations', '', ms(betweenMs), share(betweenMs)],
    ...(overlapMs > 0.005 * graphMs ? [['less what ran side by side', '', ms(-overlapMs), share(-overlapMs)]] : []),
    ['the graph', String(nodes), ms(graphMs), share(graphMs)],
  ];
  const lines = layOut(rows);
  const rule = '─'.repeat(lines[0].length);
  return [
    `${recipe}: ${does[entry]}${entry === 'apply' ? '' : ` (${images} images)`}, ${machine.threads} thread${machine.threads === 1 ? '' : 's'}, ${machine.backend}, ${machine.cpu}`,
    '',
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines.at(-1),
    '',
    `Times are TensorFlow's own, of the median of ${runs} traced runs. A whole call from JavaScript takes ${ms(callMs)} ms when nothing is traced,`,
    `with copying inputs and results. The graph has ${sum(Object.values(nodeCounts))} nodes as it was compiled; TensorFlow optimised it to the ${nodes} that ran.`,
    `Tracing and compiling took ${(compileMs / 1000).toFixed(1)} s, the first call ${(firstMs / 1000).toFixed(1)} s.`,
    '',
  ].join('\n');
}

/** Rows as lines: the first column to the left, numbers to the right. */
function layOut(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('   '));
}
