// Pulls a model and the classifier that guides it, and draws ten of each digit:  node examples/guide.mjs [store]
import { openModel, pullModel, writePngGrid } from '@langevin/client';

const store = process.argv[2] ?? '.langevin/store';
const { directory } = await pullModel({ store, model: 'digits@production', guidance: 'digits-classifier@production', out: 'digits' });
const model = await openModel(directory);
const labels = Array.from({ length: 100 }, (_, index) => index % 10);
const samples = await model.sample({ labels, classifier: model.classifier, classifierScale: 4, seed: 7 });
await writePngGrid('guided.png', samples, { columns: 10 });
model.dispose();
