const path = require('node:path');

/** The jest configuration of one project: ESM TypeScript sources, compiled to CommonJS by swc. */
module.exports = (displayName) => ({
  displayName,
  testEnvironment: 'node',
  testEnvironmentOptions: { globalsCleanup: 'off', customExportConditions: ['@langevin/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testTimeout: 30_000,
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // These are published as ES modules alone.
  transformIgnorePatterns: ['/node_modules/(?!hyparquet)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  reporters: ['default', [path.join(__dirname, 'tools/jest-count-reporter.cjs'), { project: displayName }]],
});
