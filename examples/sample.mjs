// Draws ten of each digit with the model that `npm run demo` trained:  node examples/sample.mjs [data folder]
import { openCheckpoint, writePngGrid } from '@langevin/client';

const model = await openCheckpoint({ dataDir: process.argv[2] ?? '.langevin', run: 'digits-ddpm' });
const labels = Array.from({ length: 100 }, (_, index) => index % 10);
const samples = await model.sample({ labels, steps: 40, guidanceScale: 3, seed: 7 });
await writePngGrid('samples.png', samples, { columns: 10 });
console.log(`samples.png: ${labels.length} digits of ${model.checkpoint.run}, step ${model.checkpoint.step}`);
model.dispose();
