// Waits for SIGUSR2, then does to so many data folders what its arguments say, each at a moment that all such processes share,
// and prints the results.
const { join } = require('node:path');
const { DataFolder } = require('../data-folder.ts');

const [path, act, rounds] = process.argv.slice(2);
const acts = {
  token: (folder) => folder.token(),
  announce: (folder) => {
    folder.announce(`127.0.0.1:${process.pid}`);
    return 'announced';
  },
};

function attempt(folder) {
  try {
    return acts[act](folder);
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
}

process.once('SIGUSR2', () => {
  const folders = Array.from({ length: Number(rounds) }, (_, round) => new DataFolder(join(path, String(round))));
  const start = (Math.ceil(Date.now() / 500) + 1) * 500;
  const results = folders.map((folder, round) => {
    while (Date.now() < start + 5 * round);
    return attempt(folder);
  });
  process.stdout.write(`done ${JSON.stringify(results)}\n`);
});
// Stays: a coordinator that has announced itself lives on.
setInterval(() => undefined, 1000);
process.stdout.write('ready\n');
