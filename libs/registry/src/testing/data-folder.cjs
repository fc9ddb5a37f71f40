// Waits for SIGUSR2, then does to the data folder what its arguments say, and prints the result.
const { DataFolder } = require('../data-folder.ts');

const [path, act] = process.argv.slice(2);
const folder = new DataFolder(path);
const acts = {
  token: () => folder.token(),
  announce: () => {
    folder.announce(`127.0.0.1:${process.pid}`);
    return 'announced';
  },
};

process.once('SIGUSR2', () => {
  try {
    process.stdout.write(`done ${acts[act]()}\n`);
  } catch (error) {
    process.stdout.write(`refused ${error.code}: ${error.message}\n`);
  }
});
// Stays: a coordinator that has announced itself lives on.
setInterval(() => undefined, 1000);
process.stdout.write('ready\n');
