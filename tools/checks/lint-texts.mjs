// Lints texts as if they stood in the files named, without writing them there. Reads [{ path, text }] from the first argument,
// prints [[message, …], …]. A script of its own because jest cannot load eslint's configuration, which is an ES module.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { root } from '../bootstrap/workspace.mjs';

const eslint = new ESLint({ cwd: root });
const results = [];
for (const { path, text } of JSON.parse(process.argv[2])) {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) });
  results.push(result.messages.map(({ message, ruleId }) => `${ruleId}: ${message}`));
}
process.stdout.write(JSON.stringify(results));
