import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, workspace } from './run-langevin.js';

/** Shell commands of a section of a page of the documentation, one string a block. */
export function printedCommands(page: string, section: string): string[] {
  const text = readFileSync(join(workspace, page), 'utf8').split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^```sh\n([^]*?)\n```$/gm)].map((match) => match[1] ?? '');
}

/** Makes a folder of programs below `folder` that has the built `langevin` in it, for a PATH. */
export function langevinOnPath(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'langevin'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
  chmodSync(join(bin, 'langevin'), 0o755);
  return bin;
}
