// npm run mutate [-- --folder NAME …] [--json]: breaks diffusion-core in every small way that Stryker knows, one at a time, and runs the specs that
// reach it. What no spec notices is listed. Results are kept in tmp/mutation, so that only what has changed is done anew; --afresh does all.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { folders, mutateFolder } from './mutate/mutate-folder.mjs';
import { summarize } from './mutate/summarize.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Of all mutants, so many must be noticed. */
const requiredPercent = 90;

async function main() {
  const { values } = parseArgs({ options: { folder: { type: 'string', multiple: true }, json: { type: 'boolean' }, afresh: { type: 'boolean' } } });
  process.chdir(root);
  const summaries = [];
  for (const folder of values.folder ?? folders) {
    const summary = summarize(folder, await mutateFolder(folder, { afresh: values.afresh ?? false }));
    summaries.push(summary);
    if (!values.json) console.log(textOf(summary));
  }
  if (values.json) console.log(JSON.stringify(summaries, null, 2));
  if (summaries.some(({ percent }) => percent < requiredPercent)) process.exitCode = 1;
}

function textOf({ folder, killed, timedOut, total, percent, survivors }) {
  const lines = survivors.map(({ file, line, column, mutator, replacement }) => `  ${file}:${line}:${column} ${mutator}: ${replacement}`);
  return [`${folder}: of ${total} mutants ${killed} killed by a spec and ${timedOut} by the time limit, ${percent.toFixed(1)} %`, ...lines].join('\n');
}

await main();
