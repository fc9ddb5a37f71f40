// What needs a browser: `npm run test:e2e`. Chromium is found on the path, or by CHROMIUM.
module.exports = {
  ...require('../../jest.preset.cjs')('e2e'),
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  globalSetup: '<rootDir>/e2e/built-dashboard.ts',
};
