// node fuzz-api.mjs ROOT FOLDER PYTHON: schemathesis tries the HTTP API of a coordinator on the data folder.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const [root, folder, python] = process.argv.slice(2);
const args = ['up', '--data-dir', folder, '--port', '0', '--trainers', '0', '--samples', 'off', '--json'];
const cluster = spawn(process.execPath, [join(root, 'apps', 'cli', 'bin', 'langevin.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await Promise.race([
    createInterface({ input: cluster.stdout })[Symbol.asyncIterator]().next().then(({ value }) => [value]),
    new Promise((_resolve, reject) => cluster.once('exit', (code) => reject(new Error(`langevin up ended with ${code}`)))),
  ]);
  const { origin } = new URL(JSON.parse(line).dashboard);
  const token = readFileSync(join(folder, 'token'), 'utf8').trim();
  // What fits the schema may still name a run that is not there, or a job that cannot be: refusing it is right.
  const options = ['--max-examples', '20', '--seed', '1', '--exclude-checks', 'positive_data_acceptance', '--header', `Authorization: Bearer ${token}`];
  const { status } = spawnSync(join(dirname(python), 'st'), ['run', 'open-api.json', '--url', origin, ...options], { stdio: 'inherit' });
  if (status !== 0) throw new Error('schemathesis found something wrong with the HTTP API');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  cluster.kill('SIGTERM');
}
