import { commandNames } from './command-names.js';

const bareCommand = new RegExp(`(?<![\\w-]|npx )langevin (?=(?:${commandNames.join('|')})\\b)`, 'g');

/**
 * A text whose commands can be typed as they stand: where npx runs this one, `npx langevin up` for `langevin up`.
 * @param env npm says in `npm_command` what it runs
 */
export function asTyped(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return env['npm_command'] === 'exec' ? text.replace(bareCommand, 'npx langevin ') : text;
}
