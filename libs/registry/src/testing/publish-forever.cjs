// Publishes checkpoints <first>, <first> + 1, … of run "killed" until it is killed; prints each step once it is committed.
const { DirectoryStore } = require('../directory-store.ts');
const { publishCheckpoint } = require('../checkpoint-publisher.ts');
const { checkpointFacts, checkpointContents } = require('./checkpoint-fixture.ts');

const [root, first] = process.argv.slice(2);
(async () => {
  const store = await DirectoryStore.open(root);
  for (let step = Number(first); ; step++) {
    process.stdout.write(`publishing ${step}\n`);
    await publishCheckpoint(store, checkpointFacts('killed', step), checkpointContents(step, 300_000));
    process.stdout.write(`committed ${step}\n`);
  }
})();
