module.exports = { ...require('../jest.preset.cjs')('tools'), testMatch: ['<rootDir>/{checks,chaos}/**/*.spec.ts'] };
