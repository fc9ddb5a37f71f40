import type { z } from 'zod';
import { LangevinError, type ErrorCode } from './errors.js';

/**
 * Checks `input` against `schema`.
 * @throws LangevinError `code`: one line that names each path, what was expected there and what was found.
 */
export function parseWith<S extends z.ZodType>(schema: S, input: unknown, code: ErrorCode, what: string): z.infer<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) => `${pathOf(issue.path)}${reasonOf(issue, input)}`);
  throw new LangevinError(code, `${what}: ${reasons.join('; ')}`, { cause: result.error });
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${text.replace(/^\./, '')}: `;
}

/** What whoever writes YAML calls it, where that is another word. */
const writtenAs: Readonly<Record<string, string>> = { object: 'a group of keys', record: 'a group of keys', array: 'a list' };

function reasonOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_type') {
    const got = valueAt(input, issue.path);
    const expected = writtenAs[issue.expected] ?? issue.expected;
    return got === undefined ? `missing, expected ${expected}` : `expected ${expected}, got ${shown(got)}`;
  }
  return `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

/** Values from YAML may hold themselves. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'what JSON cannot say';
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input);
}
