// Writes src/gen/program-facts.ts, which completion reads, and docs/cli.md, from the program itself. With a folder as its argument it
// writes both there, from what is built: the spec compares them.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const [folder] = process.argv.slice(2);
const build = () => execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '--build', at('tsconfig.lib.json')], { stdio: 'inherit' });

if (folder === undefined) build();
const { generatedFiles } = await import(new URL('../dist/generated-files.js', import.meta.url));
const { programFacts, cliPage } = await generatedFiles();
writeFileSync(folder === undefined ? at('src/gen/program-facts.ts') : join(folder, 'program-facts.ts'), programFacts);
writeFileSync(folder === undefined ? at('../../docs/cli.md') : join(folder, 'cli.md'), cliPage);
if (folder === undefined) build();
