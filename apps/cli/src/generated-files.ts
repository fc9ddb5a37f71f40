import { cliPage } from './cli-page.js';
import { commandFacts } from './command-facts.js';
import { exitCodeFacts } from './exit-code.js';
import { createProgram } from './program.js';

/** What is written from the commands themselves: the facts that completion reads, and docs/cli.md. */
export async function generatedFiles(): Promise<{ readonly programFacts: string; readonly cliPage: string }> {
  const facts = commandFacts(await createProgram([]));
  const programFacts = `// Written by \`npm run generate\` from the commands themselves: completion knows them without loading them.
import type { CommandFacts } from '../command-facts.js';

/** Every command, as its help describes it. */
export const programFacts: CommandFacts = ${JSON.stringify(facts, null, 2)};
`;
  return { programFacts, cliPage: cliPage(facts, exitCodeFacts()) };
}
