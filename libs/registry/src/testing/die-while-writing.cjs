// Kills itself in the middle of writing the object "torn".
const { DirectoryStore } = require('../directory-store.ts');

DirectoryStore.open(process.argv[2]).then((store) =>
  store.put('torn', {
    size: 200_000,
    async *open() {
      yield new Uint8Array(100_000);
      process.kill(process.pid, 'SIGKILL');
    },
  }),
);
