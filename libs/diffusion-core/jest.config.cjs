module.exports = require('../../jest.preset.cjs')('diffusion-core');
