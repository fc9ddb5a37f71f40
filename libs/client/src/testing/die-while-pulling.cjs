// Pulls the plan <id> from the store <root> into <target> and kills itself when <bytes> bytes have been fetched.
const { DirectoryStore } = require('@langevin/registry');
const { pullFiles } = require('../pull/pull-files.ts');
const { faultyStreams } = require('./damaging-store.ts');
const { testPlan } = require('./test-plan.ts');

const [root, id, target, bytes] = process.argv.slice(2);
(async () => {
  const store = await DirectoryStore.open(root);
  let fetched = 0;
  const dying = faultyStreams(store, {
    onPiece(piece) {
      if (fetched >= Number(bytes)) process.kill(process.pid, 'SIGKILL');
      fetched += piece.byteLength;
      return piece;
    },
  });
  await pullFiles(dying, await testPlan(store, id), target);
  process.stdout.write('finished\n');
})();
