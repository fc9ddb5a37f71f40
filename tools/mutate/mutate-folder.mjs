import { existsSync, mkdirSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

const library = 'libs/diffusion-core';

/** Folders of diffusion-core that hold formulas: neither networks nor formats. */
export const folders = ['analytic', 'compression', 'discrete', 'guidance', 'likelihood', 'losses', 'metrics', 'parameterizations', 'processes', 'restoration', 'rng', 'samplers'].filter((folder) =>
  existsSync(`${library}/src/${folder}`),
);

/** Mutates the files of one folder, from the root of the repository; resolves with Stryker's mutants. */
export async function mutateFolder(folder, { afresh }) {
  if (!existsSync(`${library}/src/${folder}/index.ts`)) throw new Error(`npm run mutate: ${library}/src has no folder ${folder}; there is ${folders.join(', ')}`);
  mkdirSync('tmp/mutation', { recursive: true });
  return new Stryker({
    testRunner: 'jest',
    // The specs of a folder must notice what breaks in it: those of others, which use it, do not count.
    jest: {
      configFile: `${library}/jest.config.cjs`,
      config: { rootDir: library, testMatch: [`<rootDir>/src/${folder}/**/*.spec.ts`], reporters: [] },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    mutate: [`${library}/src/${folder}/**/*.ts`, '!**/*.spec.ts', '!**/testing/**', '!**/index.ts'],
    // The sandbox holds the library alone; all else is found through node_modules.
    ignorePatterns: ['**', `!${library}/**`, '!jest.preset.cjs', '!tools/jest-count-reporter.cjs', '!package.json', '**/dist/**', '**/out-tsc/**'],
    plugins: ['@stryker-mutator/jest-runner', new URL('./ignore-error-codes.mjs', import.meta.url).pathname],
    ignorers: ['error-codes'],
    checkers: [],
    concurrency: 2,
    timeoutMS: 20_000,
    incremental: true,
    incrementalFile: `tmp/mutation/${folder}.json`,
    force: afresh,
    tempDirName: 'tmp/stryker',
    reporters: ['progress-append-only'],
    fileLogLevel: 'off',
    logLevel: 'error',
    allowEmpty: true,
  }).runMutationTest();
}
