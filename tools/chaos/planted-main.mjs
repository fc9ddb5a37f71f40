import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bootstrap/workspace.mjs';
import { builtProduct } from './built-product.mjs';
import { campaign } from './campaign.mjs';
import { plantedCopy } from './planted-copy.mjs';
import { plantedDefects } from './planted-defects.mjs';
import { langevin } from './product.mjs';
import { productOrder } from './product-order.mjs';
import { takeover } from './takeover.mjs';
import { isGood, verifyFolder } from './verify-folder.mjs';

const help = `Usage: npm run test:planted -- [NAME …] [--workspace DIR] [--json]

Plants defects into copies of Langevin, one after the other, trains on each under a few faults, and expects the judge to turn red for the
right reason; without a defect it has to stay green, also when a second coordinator takes over. About half a minute each.
Names: ${Object.keys(plantedDefects).join(', ')}
`;

/** Runs the defects that were named, or all; resolves with the exit code. */
export async function main(args) {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { workspace: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(plantedDefects);
  const unknown = names.find((name) => !plantedDefects[name]);
  if (unknown) throw new Error(`there is no defect ${unknown}: choose ${Object.keys(plantedDefects).join(', ')}`);
  await builtProduct(values.workspace);
  const folder = mkdtempSync(join(tmpdir(), 'langevin-planted-'));
  const results = [];
  try {
    for (const name of names) {
      for (const result of await judged(values.workspace ?? root, folder, name)) {
        results.push(result);
        if (!values.json) process.stdout.write(`${result.isAsExpected ? '✓' : '✗'} ${result.name}: ${result.found.join(', ') || 'nothing was found'}\n`);
        if (!result.isAsExpected) for (const text of result.texts) process.stderr.write(`  ${text}\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ results: results.map(({ name, found, isAsExpected, seconds }) => ({ name, found, isAsExpected, seconds })) })}\n`);
  return results.every(({ isAsExpected }) => isAsExpected) ? 0 : 1;
}

/** What was found on a product with the defect. Without one, two runs are judged: struck, and taken over. */
async function judged(workspace, folder, name) {
  const { changes, strikes, model = '8x8-tiny', takeover: isTakeover = false, codes } = plantedDefects[name];
  const product = langevin(plantedCopy(workspace, join(folder, 'product'), changes));
  const runs = [...(strikes ? [['', (into) => struck(product, into, strikes, model)]] : []), ...(isTakeover || name === 'none' ? [[name === 'none' ? ' (taken over)' : '', (into) => takeover({ product, folder: into, seed: 1, model: '8x8-tiny', say: () => undefined })]] : [])];
  const results = [];
  for (const [suffix, run] of runs) {
    const into = join(folder, `${name}-${results.length}`);
    mkdirSync(into);
    const startMs = performance.now();
    const complaints = await run(into);
    const report = verifyFolder(into, await productOrder());
    const problems = [...complaints.map((text) => ({ code: 'run', text })), ...report.problems];
    const found = [...new Set(problems.map(({ code }) => code))];
    // Of a takeover there is no undisturbed run to compare with.
    const isGreen = complaints.length === 0 && (isGood(report) || (suffix !== '' && problems.length === 0));
    const isAsExpected = codes.length === 0 ? isGreen : found.some((code) => codes.includes(code));
    results.push({ name: `${name}${suffix}`, found, isAsExpected, seconds: Math.round((performance.now() - startMs) / 1000), texts: problems.map(({ code, text }) => `${code}: ${text}`) });
  }
  return results;
}

function struck(product, folder, strikes, model) {
  return campaign({ product, folder, seed: 1, faults: strikes.length, strikes, trainers: 2, model, steps: model === '8x8' ? 60 : 150, everySteps: 10, isTls: false, transport: 'tcp', say: () => undefined });
}
