// Does the publication of one round and dies of it, at an operation of the store that its arguments name.
const { openStore } = require('../store-location.ts');
const { DeadlyStore } = require('./deadly-store.ts');
const { publish } = require('./publishing.ts');

const [location, publication, round, operation, moment] = process.argv.slice(2);
(async () => {
  const store = new DeadlyStore(await openStore(location), { operation: Number(operation), moment });
  await publish(store, publication, Number(round), `publisher-${process.pid}`);
})();
