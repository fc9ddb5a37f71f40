import type { Command } from 'commander';
import { importDataset, listDatasets, readDataset } from '@langevin/datasets';
import type { CommonOptions } from '../common-options.js';
import { openCliStore, type StoreOptions, withStore } from '../open-store.js';
import { createOutput, table } from '../output.js';

type DatasetOptions = CommonOptions & StoreOptions;

/** `langevin dataset import|ls`. */
export function registerDataset(program: Command): void {
  const dataset = program.command('dataset').description('import and list datasets');
  withStore(dataset.command('import <name>'))
    .description('import a dataset into the store, as content-addressed shards')
    .addHelpText('after', '\nExample:\n  $ langevin dataset import mnist-digits')
    .action(async (name: string, options: DatasetOptions) => {
      const output = createOutput(options.json ?? false);
      const { digest, manifest } = await importDataset(await openCliStore(options, true), name);
      const { train, test } = manifest.splits;
      output.result(
        { name, digest, train: train.samples, test: test.samples, license: manifest.license },
        `${name}: ${train.samples} training and ${test.samples} test images of ${manifest.classes} classes (${manifest.license}), sha256 ${digest}`,
      );
    });
  withStore(dataset.command('ls'))
    .description('list the datasets of the store')
    .addHelpText('after', '\nExample:\n  $ langevin dataset ls')
    .action(async (options: DatasetOptions) => {
      const store = await openCliStore(options, true);
      const found = await Promise.all((await listDatasets(store)).map((name) => readDataset(store, name)));
      const rows = found.map(({ manifest, digest }) => [
        manifest.name,
        manifest.imageShape.join('×'),
        String(manifest.splits.train.samples),
        String(manifest.splits.test.samples),
        digest.slice(0, 12),
      ]);
      createOutput(options.json ?? false).result(
        found.map(({ manifest, digest }) => ({ name: manifest.name, digest, train: manifest.splits.train.samples, test: manifest.splits.test.samples })),
        rows.length > 0 ? table(['NAME', 'IMAGE', 'TRAIN', 'TEST', 'DIGEST'], rows) : 'no dataset yet: langevin dataset import mnist-digits',
      );
    });
}
