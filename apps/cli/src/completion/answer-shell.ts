import { programFacts } from '../gen/program-facts.js';
import { completeLine } from './complete-line.js';

/**
 * What may stand at the end of a command line, for the scripts of `langevin completion`: a candidate a line, with a tab before its
 * description; `:file` or `:folder` where paths may. It knows the commands from what was generated of them, so that none of their
 * modules is loaded. Never throws: whoever presses Tab wants no error in the middle of the line.
 * @param words what follows the name of the program; the last one is the word at the cursor, and may be empty
 */
export async function answerShell(words: readonly string[]): Promise<string> {
  const lines = await linesOf(words).catch(() => []);
  return lines.map((line) => `${line}\n`).join('');
}

async function linesOf(words: readonly string[]): Promise<string[]> {
  const found = completeLine(programFacts, words);
  const { candidates, wants, prefix } = found;
  if (wants === 'file' || wants === 'folder') return [`:${wants}`];
  if (wants === null) return candidates.map(({ value, description }) => `${prefix}${value}\t${description}`);
  // Only here: commands and options are known without a store.
  const { knownNames } = await import('./known-names.js');
  return (await knownNames(wants, found)).map((name) => `${prefix}${name}\t`);
}
