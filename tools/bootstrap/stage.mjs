const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Runs one stage of the preparation and says in one line how long it took. Lines go to stderr: stdout belongs to the command. */
export async function stage(title, work) {
  const startMs = performance.now();
  const result = await work();
  process.stderr.write(`✓ ${title} (${seconds(startMs)})\n`);
  return result;
}
