module.exports = require('../../jest.preset.cjs')('collectives');
