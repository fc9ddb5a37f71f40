module.exports = require('../../jest.preset.cjs')('tf-runtime');
