// `npm run test:planted`: defects are planted into copies of the product, and the judge of chaos runs has to find each.
import { checkNode } from '../bootstrap/check-node.mjs';

checkNode();
Promise.all([import('../bootstrap/exit-with.mjs'), import('./planted-main.mjs')]).then(([{ exitWith }, { main }]) => exitWith(() => main(process.argv.slice(2))));
