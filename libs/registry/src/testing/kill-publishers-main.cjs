// Kills publishers on the store at <location>, so many times at each step, and prints a line for each step.
const { killPublishers } = require('./kill-publishers.ts');

const [location, kills] = process.argv.slice(2);
(async () => {
  let total = 0;
  for await (const { publication, operation, moment, kills: times, committed } of killPublishers(location, Number(kills))) {
    process.stdout.write(`${publication.padEnd(11)} killed ${moment.padEnd(6)} operation ${String(operation).padStart(2)}  ${times} times, ${committed} times committed\n`);
    total += times;
  }
  process.stdout.write(`${total} publishers killed: whatever was committed is whole, whatever was not is invisible, and repeating it completed it\n`);
})().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
