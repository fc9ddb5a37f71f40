import type { Command } from 'commander';
import { openCliStore, withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';
import type { CommonOptions } from '../common-options.js';
import { openIndex, warnOfDamage } from '../store-index.js';

/** `langevin index rebuild`. */
export function registerIndex(program: Command): void {
  const index = program.command('index').description('the local index that answers listings; the store is the truth');
  withStore(index.command('rebuild'))
    .description('make the index anew from the store')
    .addHelpText('after', '\nExample:\n  $ langevin index rebuild')
    .action(async (options: StoreOptions & CommonOptions) => {
      const store = await openCliStore(options);
      using found = await openIndex(options);
      const { added, damaged } = await found.rebuild(store);
      warnOfDamage(damaged);
      createOutput(options.json ?? false).result(
        { documents: added, damaged },
        `indexed ${added} documents of ${store.location}${damaged.length > 0 ? `; ${damaged.length} are damaged` : ''}`,
      );
    });
}
