// Writes src/gen/open-api.json: the OpenAPI document, from the schemas that the server checks with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const path = (name) => new URL(`../${name}`, import.meta.url);
execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '--build', path('tsconfig.lib.json').pathname], { stdio: 'inherit' });
const { openApiDocument } = await import(path('dist/api/index.js'));
const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
mkdirSync(path('src/gen'), { recursive: true });
writeFileSync(path('src/gen/open-api.json'), `${JSON.stringify(openApiDocument(version), null, 2)}\n`);
