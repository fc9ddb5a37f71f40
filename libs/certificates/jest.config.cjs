module.exports = require('../../jest.preset.cjs')('certificates');
