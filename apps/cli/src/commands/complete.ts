import type { Command } from 'commander';
import { defaultDataDir } from '../common-options.js';
import { completeLine } from '../completion/complete-line.js';
import { knownNames } from '../completion/known-names.js';
import { programFacts } from '../gen/program-facts.js';

/**
 * `langevin complete -- WORDS`: what may stand at the end of a command line, for the scripts of `langevin completion`. It knows the
 * commands from what was generated of them, so that none of their modules is loaded.
 */
export function registerComplete(program: Command): void {
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const lines = await answer(words).catch(() => []); // Whoever presses Tab wants no error in the middle of the line.
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

async function answer(words: readonly string[]): Promise<string[]> {
  const found = completeLine(programFacts, words);
  const { candidates, wants, prefix } = found;
  if (wants === 'file' || wants === 'folder') return [`:${wants}`];
  const names = wants === null ? [] : await knownNames(wants, found, defaultDataDir);
  return [...candidates.map(({ value, description }) => `${prefix}${value}\t${description}`), ...names.map((name) => `${prefix}${name}\t`)];
}
