import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BootstrapError } from '../bootstrap/bootstrap-error.mjs';

/** What can be profiled. */
const entries = ['gradient', 'apply', 'sample'];

/**
 * What the command line asks for.
 * @throws BootstrapError when it asks for what does not exist
 */
export function readOptions(root, args) {
  const { values, positionals } = parse(args);
  const [recipe, ...others] = positionals;
  if (recipe === undefined || others.length > 0) throw new BootstrapError(`npm run profile: name one recipe, as in npm run profile -- digits-ddpm`);
  if (!entries.includes(values.entry)) throw new BootstrapError(`--entry ${values.entry}: there is ${entries.join(', ')}`);
  return { file: recipeFile(root, recipe), entry: values.entry, json: values.json, threads: wholeNumber('threads', values.threads), runs: wholeNumber('runs', values.runs) };
}

function parse(args) {
  const text = (value) => ({ type: 'string', default: value });
  const options = { json: { type: 'boolean', default: false }, entry: text('gradient'), threads: text('1'), runs: text('9') };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new BootstrapError(`npm run profile: ${error.message}`);
  }
}

function recipeFile(root, recipe) {
  const folder = join(root, 'recipes');
  const named = join(folder, `${recipe}.yaml`);
  const found = [recipe, named].find((file) => existsSync(file));
  if (found !== undefined) return found;
  const names = readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));
  throw new BootstrapError(`there is no recipe ${recipe}: give the path of a job file, or one of ${names.join(', ')}`);
}

function wholeNumber(option, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BootstrapError(`--${option} ${text}: give a whole number of at least 1`);
}
