import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, workspace } from './run-langevin.js';

/** Shell commands of a section of a page of the documentation, one string a block. */
export function printedCommands(page: string, section: string): string[] {
  const text = readFileSync(join(workspace, page), 'utf8').split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^```sh\n([^]*?)\n```$/gm)].map((match) => match[1] ?? '');
}

/** Makes a folder of programs below `folder` in which `langevin` and `npx langevin` are the built command, for a PATH. */
export function langevinOnPath(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const exec = `exec "${process.execPath}" "${command}" "$@"`;
  const programs = { langevin: exec, npx: `test "$1" = langevin || exit 127\nshift\n${exec}` };
  for (const [name, lines] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
