module.exports = require('../../jest.preset.cjs')('sampler');
