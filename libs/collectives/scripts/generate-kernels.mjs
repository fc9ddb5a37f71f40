// Compiles src/kernels.wat into src/gen/kernels.ts, so that no tool is needed where Langevin runs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/kernels.wat', import.meta.url);
const target = new URL('../src/gen/kernels.ts', import.meta.url);

const { parseWat } = await wabt();
const module = parseWat('kernels.wat', readFileSync(source, 'utf8'), { simd: true, threads: true, multi_value: true, bulk_memory: true });
module.validate({ simd: true, threads: true, multi_value: true, bulk_memory: true });
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
module.destroy();

mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, `// Generated from kernels.wat by \`npm run generate\`.\nexport const kernelsBase64 =\n  '${base64}';\n`);
