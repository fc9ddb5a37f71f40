// A service that behaves as its first argument says.
const { LangevinError } = require('@langevin/contracts');
const { giveWay } = require('../give-way.ts');
const { runService, untilAborted } = require('../service.ts');

const behaviours = {
  /** Works until it is to stop; says why it stopped. */
  waits: async ({ signal, ready }) => {
    process.stdout.write('to stdout\n');
    process.stderr.write('to stderr\n');
    ready({ address: 'here', variable: process.env.FIXTURE_VARIABLE ?? '' });
    // Holds the process open, as a server does.
    setInterval(() => undefined, 1000);
    await untilAborted(signal);
    process.stdout.write(`stopped: ${signal.reason.message}\n`);
  },
  'gives way': async (context) => {
    giveWay();
    await behaviours.waits(context);
  },
  returns: async ({ ready }) => ready({}),
  'returns unready': async () => undefined,
  throws: async () => {
    throw new LangevinError('dataset_missing', 'there is no dataset "faces"');
  },
  'throws a stranger': async () => {
    throw new TypeError('x is not a function');
  },
  'fails later': async ({ ready }) => {
    ready({});
    throw new LangevinError('storage_full', 'no space for shards');
  },
  exits: async ({ ready }) => {
    ready({});
    process.exit(7);
  },
  /** Deaf to every wish to stop. */
  ignores: ({ ready }) => {
    ready({});
    setInterval(() => undefined, 1000);
    return new Promise(() => undefined);
  },
};

/** As a module does that takes its time to load: what happens meanwhile is heard all the same. */
const start = () => void runService('fixture', behaviours[process.argv[2]]);
if (process.argv[3] === 'late') process.once('disconnect', () => setImmediate(start));
else start();
