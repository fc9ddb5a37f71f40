// Starts the fixture service, shows its pid, and waits to be killed.
const { join } = require('node:path');
const { startService } = require('../start-service.ts');

void (async () => {
  const service = await startService({ name: 'fixture', module: join(__dirname, 'service.cjs'), args: [process.argv[2]], output: 'inherit' });
  process.stdout.write(`started ${service.pid}\n`);
})();
