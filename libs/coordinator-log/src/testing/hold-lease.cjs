// Takes the lease of the directory store at a path, and says every few milliseconds how it stands: `acts`, or what keeps it from acting.
const { DirectoryStore } = require('@langevin/registry');
const { CoordinatorLease, sleepAwareClock } = require('../coordinator-lease.ts');
const { ownProcess } = require('../process-mark.ts');

const [path, name, folder, periodMs] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
(async () => {
  const holder = { ...ownProcess(), name, folder, address: '127.0.0.1:7433', incarnation: name };
  const onFenced = (by) => say(`fenced by ${by.holder.name} term ${by.term}`);
  const lease = await CoordinatorLease.take({ store: await DirectoryStore.open(path), holder, takeover: false, onFenced, periodMs: Number(periodMs) });
  say(`took term ${lease.term}`);
  setInterval(() => say(lease.isCertain(sleepAwareClock()) ? 'acts' : lease.standing(sleepAwareClock())), 5);
})();
