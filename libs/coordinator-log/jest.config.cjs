module.exports = require('../../jest.preset.cjs')('coordinator-log');
