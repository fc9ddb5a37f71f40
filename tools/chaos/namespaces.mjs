// `npm run test:namespaces`: a job on trainers in network namespaces of their own, over slow cables and late relays, ends as on loopback.
import { checkNode } from '../bootstrap/check-node.mjs';

checkNode();
Promise.all([import('../bootstrap/exit-with.mjs'), import('./namespaces-main.mjs')]).then(([{ exitWith }, { main }]) => exitWith(() => main(process.argv.slice(2))));
