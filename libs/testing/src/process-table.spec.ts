import { childProcesses, markedProcesses } from './process-table.js';
import { startProcess } from './start-process.js';

/** A process that starts a child, which starts a grandchild; all wait for ever. The last prints the word. */
const family = `
  const { spawn } = require('node:child_process');
  const grandchild = 'console.log("complete"); setInterval(() => {}, 1e6)';
  const child = 'require("node:child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(grandchild) + '], { stdio: "inherit" })';
  spawn(process.execPath, ['-e', child], { stdio: 'inherit' });
`;

/** A process that starts another in a session of its own, and ends. */
const orphanage = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', 'console.log("alone"); setInterval(() => {}, 1e6)'], { stdio: 'inherit', detached: true }).unref();
`;

describe('childProcesses', () => {
  it('finds children and grandchildren, nearest first, without the process itself', async () => {
    await using parent = await startProcess(process.execPath, ['-e', family]);
    await parent.waitForLine(/^complete$/);
    const found = childProcesses(parent.pid);
    expect(found).toHaveLength(2);
    expect(found).not.toContain(parent.pid);
    expect(childProcesses(found[0] ?? 0)).toEqual([found[1]]);
  });

  it('finds nothing below a process that has none', async () => {
    await using lone = await startProcess(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    await lone.waitForLine(/up/);
    expect(childProcesses(lone.pid)).toEqual([]);
  });
});

describe('markedProcesses', () => {
  const everywhereElse = process.platform !== 'linux';

  it('finds a process that left the tree, by the variable that it inherited', async () => {
    await using parent = await startProcess(process.execPath, ['-e', orphanage], { env: { LANGEVIN_MARK: 'orphan-spec' } });
    await parent.waitForLine(/^alone$/);
    await new Promise<void>((resolve) => {
      const look = () => (childProcesses(parent.pid).length === 0 ? resolve() : setImmediate(look));
      look();
    });
    expect(markedProcesses('LANGEVIN_MARK', 'orphan-spec')).toHaveLength(everywhereElse ? 0 : 1);
    expect(markedProcesses('LANGEVIN_MARK', 'orphan')).toEqual([]);
  });
});
