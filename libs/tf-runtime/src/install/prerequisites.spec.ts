import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compilerCommand, missingPrerequisites } from './prerequisites.js';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'langevin-prerequisites-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const whats = async (env: NodeJS.ProcessEnv, requiredBytes = 1) =>
  (await missingPrerequisites({ directory: path.join(root, 'cache', 'deep'), requiredBytes, env })).map(({ what }) => what);

/** Puts a program of a few shell lines onto an otherwise empty PATH. */
function program(name: string, script: string): NodeJS.ProcessEnv {
  const file = path.join(root, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: root };
}

describe('missingPrerequisites', () => {
  it('names Python with pip and the compiler on a machine that has neither, each with its commands', async () => {
    const missing = await missingPrerequisites({ directory: root, requiredBytes: 1, env: { PATH: root } });
    expect(missing.map(({ what }) => what)).toEqual(['python3 with pip', 'a C++ compiler (g++)']);
    expect(missing[0]?.mend).toEqual({
      debian: 'sudo apt-get update && sudo apt-get install -y python3 python3-pip',
      fedora: 'sudo dnf install -y python3 python3-pip',
      macos: 'xcode-select --install',
    });
    expect(missing[1]?.mend.debian).toBe('sudo apt-get update && sudo apt-get install -y g++');
    expect(readdirSync(root)).toEqual([]);
  });

  it('names pip where Python stands without it', async () => {
    expect(await whats(program('python3', 'echo "No module named pip" >&2; exit 1'))).toContain('python3 with pip');
  });

  it('refuses a pip that does not know the platform tags of the wheel', async () => {
    expect(await whats(program('python3', 'echo "pip 20.3.4 from /usr/lib (python 3.9)"'))).toContain('pip 21 or newer');
    expect(await whats(program('python3', 'echo "pip 23.2.1 from /usr/lib (python 3.11)"'))).not.toContain('pip 21 or newer');
  });

  it('says how much disk is needed and how much is free, for a folder that does not exist yet', async () => {
    const missing = await missingPrerequisites({ directory: path.join(root, 'not', 'there'), requiredBytes: 1e18 });
    const disk = missing.find(({ what }) => what.includes('free disk'));
    expect(disk?.what).toContain('1000000000000 MB of free disk');
    expect(disk?.why).toMatch(/^only \d+ MB are free$/);
    expect(disk?.mend.debian).toContain('LANGEVIN_CACHE');
    expect((await whats(process.env)).some((what) => what.includes('free disk'))).toBe(false);
  });

  it('takes the compiler that CXX names', () => {
    expect(compilerCommand({ CXX: 'clang++-18' })).toBe('clang++-18');
  });
});
