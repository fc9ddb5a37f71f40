import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '@langevin/contracts';
import { validate, ValidationSeverity } from 'dockerfile-utils';

const root = join(__dirname, '../..');
const infra = join(root, 'infra');
const dockerfiles = readdirSync(infra).filter((name) => name.startsWith('Dockerfile'));
const read = (name: string): string => readFileSync(join(infra, name), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose = parseYaml(read('compose.yaml')) as Compose; // Checked against its schema below.
const services = Object.entries(compose.services);

/** Long options that `langevin COMMAND` knows. */
const optionsOf = (command: string): string[] =>
  execFileSync(process.execPath, [join(root, 'apps/cli/bin/langevin.js'), command, '--help'], { encoding: 'utf8' }).match(/--[a-z][a-z-]*/g) ?? [];

/** The words of an instruction's last appearance, in its JSON form. */
function lastWords(dockerfile: string, instruction: string): string[] {
  const found = [...read(dockerfile).replaceAll('\\\n', ' ').matchAll(new RegExp(`^${instruction} [^\\[]*(\\[.*\\])$`, 'gm'))].at(-1)?.[1];
  return JSON.parse(found ?? '[]') as string[];
}

describe.each(dockerfiles)('%s', (name) => {
  const lines = read(name).split('\n');

  it('has nothing that a builder would refuse or warn of', () => {
    const strict = { deprecatedMaintainer: ValidationSeverity.ERROR, instructionCasing: ValidationSeverity.ERROR, instructionJSONInSingleQuotes: ValidationSeverity.ERROR };
    expect(validate(read(name), strict).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it('builds in one stage and runs in another, as a user who is not root, and is asked for its health', () => {
    const stages = lines.filter((line) => line.startsWith('FROM '));
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^FROM [a-z]+:[\w.-]*\d[\w.-]*( AS build)?$/);
    const last = lines.slice(lines.lastIndexOf(stages.at(-1) ?? ''));
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000']);
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    expect(last.some((line) => line.startsWith('RUN apt-get'))).toBe(false);
  });

  it.each(['CMD', 'HEALTHCHECK'])('says nothing in %s that the command does not know', (instruction) => {
    const [command, ...words] = lastWords(name, instruction).filter((word) => word !== 'langevin');
    const known = optionsOf(command ?? '');
    for (const word of words.filter((one) => one.startsWith('--'))) expect(known).toContain(word);
  });
});

describe('compose.yaml', () => {
  it('follows the schema of Compose files and the rules of its linter', () => {
    const linter = join(root, 'node_modules/dclint/bin/dclint.cjs');
    const args = [linter, '--config', join(infra, '.dclintrc.yaml'), '--formatter', 'compact', join(infra, 'compose.yaml')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, said: (stdout + stderr).trim() }).toEqual({ status: 0, said: '' });
  });

  it('pins every image, and names a drop-in for the store', () => {
    for (const [, { image = '' }] of services) expect(image).toMatch(/:(RELEASE\.|\d+\.\d+\.\d+)/);
    expect(read('compose.yaml')).toMatch(/pgsty\/silo:RELEASE\./);
    expect(read('compose.yaml')).not.toContain(':latest');
  });

  it('builds from Dockerfiles that are there', () => {
    const built = services.flatMap(([, { build }]) => (build ? [build.dockerfile.replace('infra/', '')] : []));
    expect([...new Set(built)].sort()).toEqual([...dockerfiles].sort());
  });

  it('mounts volumes that it declares, and lets nobody but `certificates` see the key of the authority', () => {
    const mounts = services.flatMap(([name, { volumes = [] }]) => volumes.map((volume) => ({ name, volume: volume.split(':')[0] ?? '' })));
    expect([...new Set(mounts.map(({ volume }) => volume))].sort()).toEqual(Object.keys(compose.volumes).sort());
    expect(mounts.filter(({ volume }) => volume === 'authority').map(({ name }) => name)).toEqual(['certificates']);
  });

  it.each(services.filter(([, { command, entrypoint }]) => command && !entrypoint).map(([name, { command = [] }]) => [name, command] as const))(
    'gives %s only options that the command has',
    (_name, [command = '', ...words]) => {
      const known = optionsOf(command);
      for (const word of words.filter((one) => one.startsWith('--'))) expect(known).toContain(word);
    },
  );

  it('holds no secret', () => {
    expect(read('compose.yaml')).not.toMatch(/(PASSWORD|SECRET\w*|KEY): (?!\$\{)\S/);
  });
});
