// `npm test`: prepares a fresh clone, then runs every check. The last line is the sum: `N passed, N failed`.
import { checkNode } from './bootstrap/check-node.mjs';

checkNode();
Promise.all([import('./bootstrap/exit-with.mjs'), import('./test-run/main.mjs')]).then(([{ exitWith }, { main }]) =>
  exitWith(() => main(process.argv.slice(2))),
);
