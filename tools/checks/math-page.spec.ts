import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/workspace.mjs';

const library = join(root, 'libs/diffusion-core/src');
const page = readFileSync(join(root, 'docs/math.md'), 'utf8');
/** What is public and no formula: conversions of tables, identities of configurations, looking up. */
const noFormula = new Set(['requireSameSchedule', 'scheduleIdentity', 'stepsThrough', 'levelOf', 'levelValues', 'emptyLossHistory']);
/** The folders whose every public function is a formula. */
const folders = ['analytic', 'compression', 'discrete', 'guidance', 'likelihood', 'losses', 'metrics', 'parameterizations', 'processes', 'restoration', 'samplers'];

interface Row {
  readonly line: string;
  readonly functions: readonly string[];
  readonly tests: readonly string[];
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** The rows of every table that has a column Function, and what they name. */
function rows(): Row[] {
  const found: Row[] = [];
  let columns: string[] = [];
  for (const line of page.split('\n')) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (cells.length < 3) columns = [];
    else if (columns.length === 0) columns = cells;
    else if (columns.includes('Function') && !/^[-:]+$/.test(cells[1] ?? '')) {
      const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
      found.push({ line, functions: quoted(cell('Function')), tests: quoted(cell('Test')).filter((name) => name.endsWith('.spec.ts')) });
    }
  }
  return found;
}

/** The text of all libraries' modules. */
function sources(): string {
  const folders = readdirSync(join(root, 'libs')).map((name) => join(root, 'libs', name, 'src'));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
}

/** Whether a function, a type, one of its members or an option has this name. */
function known(name: string, text: string): boolean {
  return name.includes('/') || name.split('.').every((part) => part === '' || new RegExp(`((function\\*?|class|interface|type|const) |\\b(?=\\w+\\??[(:<,])|')${part}\\b`).test(text));
}

/** The names of the functions and values that the index of a folder exports. */
function exported(folder: string): string[] {
  const index = readFileSync(join(library, folder, 'index.ts'), 'utf8');
  return [...index.matchAll(/^export \{([^}]+)\}/gm)].flatMap((match) => (match[1] ?? '').split(',').map((name) => name.trim())).filter((name) => name !== '');
}

describe('docs/math.md', () => {
  it('names functions that exist', () => {
    const text = sources();
    const unknown = rows().flatMap(({ functions }) => functions.filter((name) => !known(name, text)));
    expect(unknown).toEqual([]);
  });

  it('names tests that exist', () => {
    const named = rows().flatMap(({ tests }) => tests);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((test) => !existsSync(join(library, test)) && !existsSync(join(root, test)))).toEqual([]);
  });

  it.each(folders.filter((folder) => existsSync(join(library, folder))))('has every public function of %s', (folder) => {
    const named = new Set(rows().flatMap(({ functions }) => functions.map((name) => name.split('.')[0])));
    expect(exported(folder).filter((name) => !named.has(name) && !noFormula.has(name))).toEqual([]);
  });
});
