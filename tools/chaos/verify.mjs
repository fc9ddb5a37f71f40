// `node tools/chaos/verify.mjs FOLDER [--json]`: judges a chaos run from its ledgers, on its own: it starts nothing and asks nobody.
import { exitWith } from '../bootstrap/exit-with.mjs';
import { isGood, verifyFolder } from './verify-folder.mjs';

/** The product's own order of samples; without a built workspace this program's own has to do. */
async function productOrder() {
  try {
    return (await import('@langevin/datasets')).sampleAt;
  } catch (error) {
    process.stderr.write(`libs/datasets is not built (${error.code ?? error.message}): samples are checked by one implementation alone\n`);
    return null;
  }
}

exitWith(async () => {
  const args = process.argv.slice(2);
  const [folder] = args.filter((word) => !word.startsWith('--'));
  if (!folder) throw new Error('usage: node tools/chaos/verify.mjs FOLDER [--json]');
  const report = verifyFolder(folder, await productOrder());
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const { problems, ...facts } = report;
    for (const [name, value] of Object.entries(facts)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
    for (const { code, text } of problems) process.stdout.write(`✗ ${code}: ${text}\n`);
  }
  return isGood(report) ? 0 : 1;
});
