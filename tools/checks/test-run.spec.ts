import { join } from 'node:path';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '@langevin/testing';
import { root } from '../bootstrap/workspace.mjs';
import { prerequisites } from '../test-run/checks.mjs';
import { findCycle } from '../test-run/graph.mjs';
import { lanes, runJestProject } from '../test-run/jest-projects.mjs';
import { missingOptionalPackages } from '../test-run/optional-packages.mjs';
import { parseOptions } from '../test-run/options.mjs';
import { structure } from '../test-run/structure.mjs';
import { supervise } from '../test-run/supervise.mjs';

const needs = (...targets: string[]) => targets.map((target) => ({ target }));

describe('the arguments of npm test', () => {
  const parse = (...args: string[]) => {
    const usualChecks = ['graph', 'types', 'lint', 'runtime'];
    const known = { checkNames: [...usualChecks, 'chaos'], usualChecks, projectNames: ['rpc', 'registry', 'e2e'], usualProjects: ['rpc', 'registry'], prerequisites };
    const { checks, projects } = parseOptions(args, known);
    return { checks, projects };
  };

  it('run everything when there are none, but what is left to continuous integration', () => {
    expect(parse()).toEqual({ checks: ['graph', 'types', 'lint', 'runtime'], projects: ['rpc', 'registry'] });
  });

  it('choose projects, with what their specs need', () => {
    expect(parse('rpc')).toEqual({ checks: ['types', 'runtime'], projects: ['rpc'] });
    expect(parse('e2e')).toEqual({ checks: ['types', 'runtime'], projects: ['e2e'] });
  });

  it('choose checks, with what they need', () => {
    expect(parse('--only', 'types')).toEqual({ checks: ['types'], projects: [] });
    expect(parse('--only', 'chaos')).toEqual({ checks: ['types', 'runtime', 'chaos'], projects: [] });
    expect(parse('--only', 'lint')).toEqual({ checks: ['graph', 'lint'], projects: [] });
    expect(parse('--only', 'lint,unit')).toEqual({ checks: ['graph', 'types', 'lint', 'runtime'], projects: ['rpc', 'registry'] });
  });

  it('that name nothing are refused with the names that there are', () => {
    expect(() => parse('rcp')).toThrow('npm test: no project is called "rcp"; there are rpc, registry, e2e');
    expect(() => parse('--only', 'lnt')).toThrow('npm test: no check is called "lnt"; there are graph, types, lint, runtime, chaos, unit');
  });
});

describe('the graph check', () => {
  it('finds no cycle in a diamond', () => {
    expect(findCycle({ a: needs('b', 'c'), b: needs('d'), c: needs('d'), d: [] })).toBeUndefined();
  });

  it('names the projects of a cycle in order', () => {
    expect(findCycle({ a: needs('b'), b: needs('c'), c: needs('d'), d: needs('b') })).toEqual(['b', 'c', 'd', 'b']);
  });
});

describe('the lockfile check', () => {
  const parent = { version: '1.0.0', dev: true, optionalDependencies: { '@s/p-linux-x64-gnu': '1.0.0', '@s/p-darwin-arm64': '1.0.0' } };

  it('finds nothing when the packages of every platform are there, hoisted or not', () => {
    const packages = { 'node_modules/p': parent, 'node_modules/@s/p-linux-x64-gnu': {}, 'node_modules/p/node_modules/@s/p-darwin-arm64': {} };
    expect([...missingOptionalPackages({ packages })]).toEqual([]);
  });

  it('finds what npm left out, with the platform that its name tells', () => {
    const missing = missingOptionalPackages({ packages: { 'node_modules/p': parent } });
    expect([...missing]).toEqual([
      ['node_modules/@s/p-linux-x64-gnu', { version: '1.0.0', cpu: ['x64'], os: ['linux'], libc: ['glibc'], dev: true, optional: true }],
      ['node_modules/@s/p-darwin-arm64', { version: '1.0.0', cpu: ['arm64'], os: ['darwin'], dev: true, optional: true }],
    ]);
  });

  it('refuses to guess the platform of a package whose name tells none', () => {
    const packages = { 'node_modules/p': { optionalDependencies: { 'some-extra': '1.0.0' } } };
    expect(() => missingOptionalPackages({ packages })).toThrow('package-lock.json lacks some-extra, and its name tells no platform');
  });
});

describe('the structure check', () => {
  it.each([
    ['a vague name', 'utils.ts', 'export {};', 'name the file after what it holds'],
    ['a name in camel case', 'roundRobin.ts', 'export {};', 'file names are kebab-case'],
    ['an open end', 'open.ts', '// TODO', 'an open end'],
    ['long files', 'long.ts', '\n'.repeat(121) + 'x', 'the median source file has 122 lines; the limit is 120'],
  ])('refuses %s', async (_, name, text, message) => {
    await using workspace = await temporaryFolder();
    mkdirSync(join(workspace.path, 'apps'));
    mkdirSync(join(workspace.path, 'libs', 'a', 'src', 'gen'), { recursive: true });
    writeFileSync(join(workspace.path, 'libs', 'a', 'src', name), text);
    writeFileSync(join(workspace.path, 'libs', 'a', 'src', 'gen', 'utils.ts'), '// TODO');
    const { failed, output } = await structure(workspace.path);
    expect([failed, output.split('\n')]).toEqual([1, [expect.stringContaining(message)]]);
  });
});

describe('a supervised command', () => {
  it('is captured with its exit code', async () => {
    const result = await supervise(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 4'], { cwd: root });
    expect(result).toEqual({ code: 4, output: expect.stringMatching(/out\n/), leftovers: [] });
    expect(result.output).toContain('err\n');
  });

  it('leaves no process behind, and is told which one it left', async () => {
    const stray = '["-e", "setInterval(() => {}, 1e6)"]';
    const script = `require('node:child_process').spawn(process.execPath, ${stray}, { detached: true, stdio: 'ignore' }).once('spawn', () => process.exit(0))`;
    const { code, leftovers } = await supervise(process.execPath, ['-e', script], { cwd: root });
    expect(code).toBe(0);
    if (process.platform !== 'linux') return;
    expect(leftovers).toEqual([expect.stringMatching(/^left running: \d+ .*setInterval/)]);
    const pid = /left running: (\d+)/.exec(leftovers.join())?.[1];
    // Of a killed process at most its entry in the table is left, until its parent has read it: without a command line.
    const commandLine = existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
    expect(commandLine).toBe('');
  });
});

describe('the projects', () => {
  it('run beside the longest one, and the browser alone at the end', () => {
    const named = (...names: string[]) => names.map((name) => ({ name, path: '', config: '' }));
    expect(lanes(named('rpc', 'cli', 'tools', 'e2e'))).toEqual([[named('cli'), named('rpc', 'tools')], [named('e2e')]]);
    expect(lanes(named('rpc'))).toEqual([[[], named('rpc')], [[]]]);
  });
});

describe('a jest project', () => {
  const preset = join(root, 'jest.preset.cjs');
  const run = async (files: Record<string, string>) => {
    await using folder = await temporaryFolder();
    const name = `fixture-${process.pid}`;
    mkdirSync(join(folder.path, 'src'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder.path, path), text);
    return await runJestProject(root, { name, path: folder.path });
  };
  const config = `module.exports = { ...require(${JSON.stringify(preset)})('fixture-${process.pid}'), transform: {} };`;

  it('is counted test by test', async () => {
    const spec = `it('a', () => {}); it('b', () => { throw new Error('broken on purpose'); }); it.skip('c', () => {});`;
    const { passed, failed, skipped, output } = await run({ 'jest.config.cjs': config, 'src/a.spec.ts': spec });
    expect({ passed, failed, skipped }).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(output).toContain('broken on purpose');
  });

  it('that crashes without results has failed', async () => {
    const { passed, failed, output } = await run({ 'jest.config.cjs': `throw new Error('no such preset');` });
    expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
    expect(output).toContain('no such preset');
  });

  it('whose process is killed amid its specs has failed', async () => {
    const { failed } = await run({ 'jest.config.cjs': config, 'src/a.spec.ts': `it('a', () => process.kill(process.pid, 'SIGKILL'));` });
    expect(failed).toBe(1);
  });

  it('without any spec has failed', async () => {
    const { failed } = await run({ 'jest.config.cjs': config });
    expect(failed).toBe(1);
  });
});
