import { LangevinError } from './errors.js';
import { parseYaml } from './job-spec.js';

/** One changed value of a job specification, as people write it: `training.learningRate=3e-4`. */
export interface SpecSetting {
  /** Keys from the outermost to the innermost. */
  readonly path: readonly string[];
  /** What the value becomes; null takes the key away, so that its default holds. */
  readonly value: unknown;
}

/**
 * Reads `path.to.key=value`, the value in YAML; nothing after the sign takes the key away.
 * @throws LangevinError `invalid_argument` for a setting that is none
 */
export function parseSpecSetting(text: string): SpecSetting {
  const [, keys, value] = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)=(.*)$/s.exec(text) ?? [];
  if (keys === undefined || value === undefined) {
    throw new LangevinError('invalid_argument', `setting ${JSON.stringify(text)}: write path=value, such as training.learningRate=3e-4`);
  }
  const path = keys.split('.');
  if (keys === 'name') throw new LangevinError('invalid_argument', 'setting "name": a run keeps its name; a fork gets its own with --name');
  try {
    return { path, value: parseYaml(value) };
  } catch (cause) {
    throw new LangevinError('invalid_argument', `setting ${JSON.stringify(text)}: its value is not YAML: ${LangevinError.from(cause).message}`, { cause });
  }
}

/**
 * The specification with these values in the place of its own, later ones last. It is not checked: `parseJobSpec` refuses a key
 * that does not exist and a value that does not fit.
 * @throws LangevinError `invalid_argument` for a path that goes through a value
 */
export function withSettings(spec: unknown, settings: readonly SpecSetting[]): unknown {
  return settings.reduce((changed, { path, value }) => withValue(changed, path, value, path), spec);
}

function withValue(node: unknown, [key, ...rest]: readonly string[], value: unknown, path: readonly string[]): unknown {
  if (key === undefined) return value;
  if (node !== undefined && !isMapping(node)) {
    throw new LangevinError('invalid_argument', `setting "${path.join('.')}": there is no such key in a job specification`);
  }
  const { [key]: old, ...others } = node ?? {};
  const changed = withValue(old, rest, value, path);
  return changed === null ? others : { ...others, [key]: changed };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
