const preset = require('../../jest.preset.cjs');

// The exchange runs in a worker thread, which Node starts from what is built.
module.exports = { ...preset('coordinator'), moduleNameMapper: { ...preset('coordinator').moduleNameMapper, '^@langevin/collectives$': '<rootDir>/../../libs/collectives/dist/index.js' } };
