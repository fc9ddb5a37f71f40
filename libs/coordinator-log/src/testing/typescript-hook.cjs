// Lets a child process of a spec require the TypeScript sources: node --conditions=@langevin/source -r <this> child.cjs
const fs = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const source = request.startsWith('.') && parent?.filename?.endsWith('.ts') ? request.replace(/\.js$/, '.ts') : request;
  return resolve.call(this, source, parent, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
