import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assembleLibraries, keptWheels } from './assemble-libraries.js';
import type { RuntimeWheel } from './cuda-pins.js';

// A test starts Python and pip a dozen times, whose own start is what takes long on a busy machine.
jest.setTimeout(120_000);

let root: string;
let index: string;
let directory: string;
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-assemble-'));
  [index, directory, lines] = [path.join(root, 'index'), path.join(root, 'runtime'), []];
  mkdirSync(index);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pack = `
import sys, zipfile
target, name, *members = sys.argv[1:]
with zipfile.ZipFile(target, 'w') as wheel:
    for member in members:
        wheel.writestr(member, 'content of ' + member)
    wheel.writestr(name.replace('-', '_') + '-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: ' + name + '\\nVersion: 1.0\\n')
    wheel.writestr(name.replace('-', '_') + '-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\n')
`;

/** Puts a wheel with these files into the index that pip asks. */
function wheel(packageName: string, source: string, files: readonly string[], members: readonly string[]): RuntimeWheel {
  const file = path.join(index, `${packageName.replace('-', '_')}-1.0-py3-none-manylinux2014_x86_64.whl`);
  execFileSync('python3', ['-c', pack, file, packageName, ...files]);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { packageName, version: '1.0', pipPlatform: 'manylinux2014_x86_64', sha256, wheelBytes: statSync(file).size, libraryBytes: 1, source, folder: source, members };
}

function assemble(wheels: readonly RuntimeWheel[], building: string, keep: string | null = keptWheels(directory)): Promise<void> {
  mkdirSync(path.join(root, building));
  const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: index };
  return assembleLibraries(wheels, { building: path.join(root, building), keep, env, onProgress: (line) => lines.push(line) });
}

const tree = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, folder, name)).isFile())
    .sort();

describe('assembleLibraries', () => {
  it('takes the named files alone, each to its folder, and lets what is a program run', async () => {
    const one = wheel('lib-one', 'nvidia/one', ['nvidia/one/lib/libone.so.1', 'nvidia/one/lib/libmore.so.1', 'nvidia/one/include/one.h', 'nvidia/__init__.py'], ['lib/libone.so.1']);
    const two = { ...wheel('lib-two', 'nvidia/two', ['nvidia/two/bin/tool', 'nvidia/two/include/a/b.h', 'nvidia/two/readme'], ['bin/tool', 'include/']), folder: 'nvidia/second' };
    await assemble([one, two], 'building', null);
    expect(tree('building')).toEqual(['nvidia/one/lib/libone.so.1', 'nvidia/second/bin/tool', 'nvidia/second/include/a/b.h']);
    expect(statSync(path.join(root, 'building/nvidia/second/bin/tool')).mode & 0o111).toBe(0o111);
    expect(readdirSync(root).sort()).toEqual(['building', 'index']);
  });

  it('does not fetch again what an attempt that failed had fetched, unless it was damaged', async () => {
    const one = wheel('lib-one', 'nvidia/one', ['nvidia/one/lib/libone.so.1'], ['lib/libone.so.1']);
    const two = wheel('lib-two', 'nvidia/two', ['nvidia/two/lib/libtwo.so.1'], ['lib/libtwo.so.1']);
    await expect(assemble([one, { ...two, sha256: '0'.repeat(64) }], 'first')).rejects.toThrow(`Expected sha256 ${'0'.repeat(64)}`);
    expect(readdirSync(keptWheels(directory))).toEqual([`${one.sha256}.whl`]);

    rmSync(path.join(index, 'lib_one-1.0-py3-none-manylinux2014_x86_64.whl'));
    await assemble([one, two], 'second');
    expect(tree('second')).toEqual(['nvidia/one/lib/libone.so.1', 'nvidia/two/lib/libtwo.so.1']);
    expect(lines).toContain('lib-one 1.0 was fetched before');

    writeFileSync(path.join(keptWheels(directory), `${two.sha256}.whl`), 'damaged');
    await assemble([two], 'third');
    expect(tree('third')).toEqual(['nvidia/two/lib/libtwo.so.1']);
  });

  it('says which file a wheel lacks', async () => {
    const one = wheel('lib-one', 'nvidia/one', ['nvidia/one/lib/libone.so.1'], ['lib/libone.so.2']);
    await expect(assemble([one], 'building')).rejects.toThrow('the wheel lacks lib/libone.so.2');
  });
});
