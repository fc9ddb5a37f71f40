import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { createStore, examineStore, type StoreExamination, type StoreSafety } from '@langevin/registry';
import type { CommonOptions } from '../common-options.js';
import { openCliStore, withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';

/** `langevin store doctor|create`. */
export function registerStore(program: Command): void {
  const store = program.command('store').description('try out and make stores');
  withStore(store.command('doctor'))
    .description('try whether a store keeps its word when many write at once; removes what it wrote')
    .addHelpText('after', '\nEnds with code 1 when the store is not safe for many writers.\n\nExample:\n  $ langevin store doctor --store "s3://langevin?endpoint=http://127.0.0.1:9000"')
    .action(doctor);
  store
    .command('create <location>')
    .description('make a store: a directory, or the bucket of an S3 server; one that is there already is fine')
    .option('--json', 'print one JSON value instead of text')
    .addHelpText('after', '\nExample:\n  $ langevin store create "s3://langevin?endpoint=http://127.0.0.1:9000"')
    .action(async (location: string, options: CommonOptions) => {
      const made = await createStore(location);
      createOutput(options.json ?? false).result({ store: made.location }, `store ${made.location} is there`);
    });
}

async function doctor(options: StoreOptions & CommonOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const store = await openCliStore(options);
  const { writable, problem } = await store.probe();
  if (!writable) throw new LangevinError('storage_failed', problem ?? `${store.location} cannot be written`);
  const found = await examineStore(store, { id: randomUUID() });
  if (found.safety !== 'many') process.exitCode = 1;
  output.result({ store: store.location, ...found }, describe(store.location, found));
}

const verdicts: Readonly<Record<StoreSafety, string>> = {
  many: 'safe: any number of coordinators and publishers may use it at the same time',
  one: 'NOT safe for more than one coordinator or publisher at a time: of two, both may believe that they were first',
  none: 'NOT safe: do not use this store, checkpoints and aliases would be replaced without a word; see docs/stores.md for servers that work',
};

function describe(location: string, { racers, rounds, safety, problems }: StoreExamination): string {
  const of = `${rounds} rounds of ${racers} at once`;
  return [
    `store    ${location}`,
    `creates  ${of}${problems.length === 0 ? ': exactly one winner each' : ''}`,
    `swaps    ${of}${problems.length === 0 ? ': exactly one winner each' : ''}`,
    ...problems.map((problem) => `problem  ${problem}`),
    `verdict  ${verdicts[safety]}`,
  ].join('\n');
}
