import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallTmpfs, startProcess, temporaryFolder } from '@langevin/testing';
import type { StartOptions } from '@langevin/testing';
import { checkFolder } from '../bootstrap/check-machine.mjs';
import { isNodeSupported } from '../bootstrap/check-node.mjs';
import { isInstalled, writeStamp } from '../bootstrap/lockfile.mjs';

const tools = join(__dirname, '..');
const dependency = { version: '1.2.3', integrity: 'sha512-x' };

/** A clone with the scripts and a lockfile, and nothing installed. */
function fillClone(path: string, packages: Record<string, object> = {}): void {
  mkdirSync(join(path, 'tools'));
  cpSync(join(tools, 'demo.mjs'), join(path, 'tools', 'demo.mjs'));
  cpSync(join(tools, 'bootstrap'), join(path, 'tools', 'bootstrap'), { recursive: true });
  const lock = { name: 'clone', lockfileVersion: 3, requires: true, packages: { '': { name: 'clone' }, ...packages } };
  writeFileSync(join(path, 'package.json'), '{"name":"clone","private":true}');
  writeFileSync(join(path, 'package-lock.json'), JSON.stringify(lock));
}

async function runDemo(path: string, args: readonly string[], options: StartOptions = {}) {
  await using demo = await startProcess(process.execPath, [...args], { ...options, cwd: path });
  const { code } = await demo.exited;
  return { code, stdout: demo.stdout(), stderr: demo.stderr() };
}

describe('the Node check', () => {
  it.each(['20.20.0', '20.20.2', '22.12.0', '22.22.1', '23.0.0', '24.1.0', '26.0.0'])('takes %s', (version) => {
    expect(isNodeSupported(version)).toBe(true);
  });

  it.each(['12.22.12', '18.20.8', '20.19.9', '21.7.3', '22.11.0'])('refuses %s', (version) => {
    expect(isNodeSupported(version)).toBe(false);
  });

  it('says in one line which command mends an old Node', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path);
    writeFileSync(join(clone.path, 'old.cjs'), `Object.defineProperty(process.versions, 'node', { value: '18.20.8' });`);
    const { code, stderr } = await runDemo(clone.path, ['--require', './old.cjs', 'tools/demo.mjs']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ Node 18\.20\.8 does not run Langevin: .* Mend it with: nvm install 22 .*\n$/);
    expect(existsSync(join(clone.path, 'node_modules'))).toBe(false);
  });
});

describe('npm run demo in a fresh clone', () => {
  it('prints its help before anything is installed', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path);
    const { code, stdout } = await runDemo(clone.path, ['tools/demo.mjs', '--help']);
    expect(code).toBe(0);
    for (const option of ['--quick', '--trainers N', '--seed S', '--data-dir DIR']) expect(stdout).toContain(option);
    expect(existsSync(join(clone.path, 'node_modules'))).toBe(false);
  });

  it('says in one line that npm is missing', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path);
    const { code, stderr } = await runDemo(clone.path, ['tools/demo.mjs'], { env: { PATH: '', npm_execpath: undefined } });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^✗ npm is not on the PATH: .*mend it with: nvm install 22.*\n$/)]);
  });

  it('names what the fast runtime lacks, before npm is asked for anything, and explains an unreachable registry', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path);
    const npm = join(clone.path, 'npm-cli.js');
    writeFileSync(npm, `console.error('npm error code ENOTFOUND'); process.exitCode = 1;`);
    const { code, stderr } = await runDemo(clone.path, ['tools/demo.mjs'], { env: { PATH: '', npm_execpath: npm } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/no Python 3 with pip.*mend it with.*\n.*no C\+\+ compiler.*mend it with.*\n.*npm ci[^]*code ENOTFOUND/);
    expect(stderr).toMatch(/✗ the npm registry cannot be reached: .*export HTTPS_PROXY=http:\/\/host:port\n$/);
    expect(existsSync(join(clone.path, 'node_modules', '.langevin-lock'))).toBe(false);
  });

  it('hands proxies on to npm', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path);
    const npm = join(clone.path, 'npm-cli.js');
    writeFileSync(npm, `console.error('proxy is ' + process.env.HTTPS_PROXY); process.exitCode = 1;`);
    const { stderr } = await runDemo(clone.path, ['tools/demo.mjs'], { env: { HTTPS_PROXY: 'http://proxy.test:3128', npm_execpath: npm } });
    expect(stderr).toContain('proxy is http://proxy.test:3128');
  });
});

describe('the lockfile stamp', () => {
  it('is missing in a fresh clone, and stale as soon as the lockfile changes', async () => {
    await using clone = await temporaryFolder();
    fillClone(clone.path, { 'node_modules/a': dependency });
    expect(isInstalled(clone.path)).toBe(false);
    mkdirSync(join(clone.path, 'node_modules'));
    writeStamp(clone.path);
    expect(isInstalled(clone.path)).toBe(true);
    const lock = join(clone.path, 'package-lock.json');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace('1.2.3', '1.2.4'));
    expect(isInstalled(clone.path)).toBe(false);
  });

  it.each([
    ['knows a plain npm install by npm’s own record', { 'node_modules/a': dependency }, true],
    ['sees another version in that record', { 'node_modules/a': { ...dependency, version: '1.2.2' } }, false],
    ['sees a package missing from that record', {}, false],
    ['sees a workspace missing from that record', { 'node_modules/a': dependency, 'node_modules/w': undefined }, false],
  ])('%s', async (_, installed, expected) => {
    await using clone = await temporaryFolder();
    const workspace = { resolved: 'libs/w', link: true };
    fillClone(clone.path, { 'node_modules/a': dependency, 'node_modules/w': workspace, 'node_modules/other': { ...dependency, optional: true } });
    mkdirSync(join(clone.path, 'node_modules'));
    writeFileSync(join(clone.path, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: { 'node_modules/w': workspace, ...installed } }));
    expect(isInstalled(clone.path)).toBe(expected);
  });
});

describe('the disk check', () => {
  const whenItCan = async () => {
    await using disk = await smallTmpfs(8);
    expect(() => checkFolder(disk.path)).toThrow(/^too little space in .*: 0\.0 GB free, 1\.5 GB needed\. Free some/);
  };

  if (process.platform === 'linux' && process.getuid?.() === 0) it('names what is free and what is needed', whenItCan);

  it('takes a folder with space', async () => {
    expect(() => checkFolder(tools)).not.toThrow();
  });

  it('says that a folder which is not there cannot be written', () => {
    expect(() => checkFolder(join(tools, 'nowhere'))).toThrow(/nowhere cannot be written: clone Langevin into a folder of your own/);
  });
});
