// `node tools/chaos/verify.mjs FOLDER [--json]`: judges a chaos run from its ledgers, on its own: it starts nothing and asks nobody.
import { exitWith } from '../bootstrap/exit-with.mjs';
import { productOrder } from './product-order.mjs';
import { isGood, verifyFolder } from './verify-folder.mjs';

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
