/** What a value is, as far as it can be completed. */
export type ValueKind = 'file' | 'folder' | 'run' | 'step' | 'checkpoint' | 'model' | 'model-reference' | 'version' | 'alias';

/** By the placeholder of the help, where it says enough. */
const kindOf: Readonly<Record<string, ValueKind>> = {
  file: 'file',
  spec: 'file',
  folder: 'folder',
  location: 'folder',
  run: 'run',
  checkpoint: 'checkpoint',
  model: 'model-reference',
  version: 'version',
};

/** What `<name>` and `<names...>` are, by the command they belong to. */
const nameOf: Readonly<Record<string, ValueKind>> = { job: 'run', run: 'run', model: 'model' };

/**
 * What the value of an option, or of an argument where `option` is empty, is; null for one that nobody can guess.
 * @param path the command, from the program on
 * @param placeholder what the help calls it: `name` of `<name>`
 */
export function valueKind(path: readonly string[], option: string, placeholder: string): ValueKind | null {
  if (option === '--run') return 'run';
  if (option === '--alias') return 'alias';
  if (option === '--model' && placeholder === 'folder') return 'folder';
  // Of the run that the command names: its step, not a reference.
  if (option === '--from') return 'step';
  if (option === '' && /^names?$/.test(placeholder)) return nameOf[path[1] ?? ''] ?? null;
  return kindOf[placeholder] ?? null;
}
