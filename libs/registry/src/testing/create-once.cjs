// Waits for SIGUSR2, then tries to create race/0 … race/<rounds - 1>; prints what came of each.
const { DirectoryStore } = require('../directory-store.ts');

const [root, name, rounds] = process.argv.slice(2);
(async () => {
  const store = await DirectoryStore.open(root);
  const alive = setInterval(() => undefined, 1000);
  process.once('SIGUSR2', async () => {
    for (let round = 0; round < Number(rounds); round++) {
      const result = await store.put(`race/${round}`, Buffer.from(`${name} in ${round}`), { ifAbsent: true });
      process.stdout.write(`${round} ${result}\n`);
    }
    clearInterval(alive);
  });
  process.stdout.write('ready\n');
})();
