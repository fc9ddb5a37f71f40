// What takes minutes has a command of its own: `npm run test:long`.
module.exports = { ...require('../../jest.preset.cjs')('cli'), testPathIgnorePatterns: ['<rootDir>/src/long/'] };
