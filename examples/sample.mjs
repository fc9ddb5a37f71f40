// Draws ten of each digit from a model that `npm run demo` or `langevin` has trained:  node examples/sample.mjs [data directory]
import { openCheckpoint, writePngGrid } from '@langevin/client';

const model = await openCheckpoint({ dataDir: process.argv[2] ?? 'langevin-data', run: 'digits-ddpm' });
const labels = Array.from({ length: 100 }, (_, index) => index % 10);
const samples = await model.sample({ labels, steps: 40, guidanceScale: 2, seed: 7 });
await writePngGrid('samples.png', samples, { columns: 10 });
console.log(`samples.png shows step ${model.checkpoint.step} of ${model.checkpoint.run}`);
model.dispose();
