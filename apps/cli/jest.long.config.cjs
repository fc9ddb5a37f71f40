// Trainings that learn something: `npm run test:long`.
module.exports = { ...require('../../jest.preset.cjs')('cli'), testMatch: ['<rootDir>/src/long/**/*.spec.ts'] };
