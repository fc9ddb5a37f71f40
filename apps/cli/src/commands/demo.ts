import type { Command } from 'commander';
import { type CommonOptions, wholeNumber, withDataDir } from '../common-options.js';
import type { DemoOptions } from '../demo/demo-spec.js';
import { runDemo } from '../demo/run-demo.js';
import { withStoreOption } from '../open-store.js';

/** `langevin demo`: from nothing to drawn digits. */
export function registerDemo(program: Command): void {
  withStoreOption(withDataDir(program.command('demo')))
    .description('train a model that draws handwritten digits, on trainers of this machine, and draw with it')
    .option('--quick', 'a shorter training, of one to three minutes: rough digits', false)
    .option('--trainers <n>', 'trainer processes', wholeNumber(1, 8), 2)
    .option('--seed <n>', 'seed of the whole run (default: the recipe\'s)', wholeNumber(0, 0xffff_ffff))
    .option('--recipe <file>', 'job specification to train instead of the built-in one')
    .addHelpText('after', '\nThe weights depend on the seed, not on the number of trainers.\n\nExamples:\n  $ langevin demo --quick\n  $ langevin demo --trainers 5 --data-dir /tmp/five\n  $ langevin demo --recipe my-digits.yaml')
    .action((options: CommonOptions & DemoOptions) => runDemo(options));
}
