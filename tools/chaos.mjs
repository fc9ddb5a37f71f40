// `npm run chaos`: real processes, struck again and again while they train; at the end nothing may show that they were.
import { checkNode } from './bootstrap/check-node.mjs';

checkNode();
Promise.all([import('./bootstrap/exit-with.mjs'), import('./chaos/main.mjs')]).then(([{ exitWith }, { main }]) => exitWith(() => main(process.argv.slice(2))));
