import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

/** A cycle among projects as a path that ends where it began, or undefined. */
export function findCycle(dependencies) {
  const done = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const { target } of dependencies[name] ?? []) {
      const cycle = visit(target, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(dependencies)) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A project without a tag of either kind would slip through the module boundaries. */
function untagged(nodes) {
  const lacks = (node, kind) => !(node.data.tags ?? []).some((tag) => tag.startsWith(kind));
  return Object.values(nodes)
    .filter((node) => lacks(node, 'type:') || lacks(node, 'runtime:'))
    .map((node) => `${node.name}: nx.tags in its package.json must hold one "type:" and one "runtime:"`);
}

/** The project graph has no cycle, and every project is tagged. */
export async function graph(root) {
  const file = join(root, 'tmp', 'graph.json');
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const { code, output } = await supervise(process.execPath, [`${root}/node_modules/nx/dist/bin/nx.js`, 'graph', `--file=${file}`], { cwd: root });
  if (code !== 0) return verdict(false, output);
  const { nodes, dependencies } = JSON.parse(readFileSync(file, 'utf8')).graph;
  const cycle = findCycle(dependencies);
  const complaints = [...(cycle ? [`cycle: ${cycle.join(' → ')}`] : []), ...untagged(nodes)];
  return verdict(complaints.length === 0, complaints.join('\n'), `${Object.keys(nodes).length} projects`);
}
