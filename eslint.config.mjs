import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const only = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** Who may import whom: app → adapter → core → contract → nothing. */
const depConstraints = [
  only('type:app', 'type:adapter', 'type:core', 'type:contract', 'type:testing'),
  only('type:adapter', 'type:adapter', 'type:core', 'type:contract', 'type:proto', 'type:testing'),
  only('type:core', 'type:core', 'type:contract', 'type:testing'),
  only('type:contract', 'type:contract'),
  only('type:testing', 'type:adapter', 'type:core', 'type:contract'),
  only('type:tool', 'type:testing', 'type:contract'),
  only('type:proto'),
  only('runtime:any', 'runtime:any'),
  only('runtime:node', 'runtime:node', 'runtime:any'),
  only('runtime:browser', 'runtime:browser', 'runtime:any'),
  { sourceTag: 'runtime:any', bannedExternalImports: ['@grpc/*', 'minio', '@tensorflow/tfjs-node*', '@tensorflow/tfjs'] },
];

const restrictImports = (...more) => [
  'error',
  { patterns: [{ group: ['@langevin/*/src/*', '@langevin/*/dist/*'], message: 'Import the package by its name.' }, ...more] },
];

/**
 * What a platform-neutral package never imports. The boundary rule knows only packages that are installed: of others it says nothing,
 * and it does not look at node:* at all.
 */
const platform = {
  group: ['node:*', '@grpc/*', 'minio', '@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
  message: 'This package runs on any platform: no Node modules, no gRPC, no stores, no backend of tfjs here.',
};

/** The dashboard loads the schemas of the API after the first paint, but its routes and types at once. */
const checkDynamicDependenciesExceptions = ['@langevin/contracts', '@langevin/contracts/*'];

export default tseslint.config(
  { ignores: ['**/dist/', '**/out-tsc/', '**/node_modules/', '**/src/gen/', '**/*.cjs', '**/tmp/', '**/.venv*/', '**/.langevin/', '.nx/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints, allowCircularSelfDependency: false, enforceBuildableLibDependency: false, checkDynamicDependenciesExceptions }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // A default branch ends in assertNever, which the compiler checks, or answers for what is still to come.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'List the names: index.ts is the public surface.' }],
      'no-restricted-imports': restrictImports(),
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.spec.ts'], rules: { 'max-lines': ['error', 800], 'max-lines-per-function': 'off' } },
  {
    files: ['libs/{contracts,cluster-core,diffusion-core}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': restrictImports(platform) },
  },
  {
    files: ['libs/{cluster-core,diffusion-core,collectives}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'The clock is a parameter.' },
        { object: 'performance', property: 'now', message: 'The clock is a parameter.' },
        { object: 'Math', property: 'random', message: 'Randomness is a parameter: use Philox.' }],
    },
  },
  {
    files: ['apps/dashboard/src/features/**/*.{ts,tsx}'],
    rules: { 'no-restricted-imports': restrictImports({ regex: '^\\.\\./(?!\\.\\./)', message: 'Features know nothing of each other: what two need lies outside of features/.' }) },
  },
  {
    // What serves and drives the dashboard runs on Node, beside the browser code that the package is about.
    files: ['apps/dashboard/{dev,e2e}/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints: depConstraints.filter(({ sourceTag }) => sourceTag !== 'runtime:browser'), allowCircularSelfDependency: false, enforceBuildableLibDependency: false, checkDynamicDependenciesExceptions },
      ],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly', performance: 'readonly', setTimeout: 'readonly', setImmediate: 'readonly', clearTimeout: 'readonly', AbortController: 'readonly', fetch: 'readonly' } } },
);
