import type { ErrorCode } from '@langevin/contracts';

/** What the shell sees. Stable: scripts may rely on it; docs/cli.md lists them. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  unavailable: 3,
  notFound: 4,
  refused: 5,
  interrupted: 130,
} as const;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'it is done; a job that was waited for has succeeded, or was cancelled on request',
  failure: 'it failed: every error that is not listed below',
  usage: 'the command line or the job specification is wrong',
  unavailable: 'the coordinator or the store cannot be reached: trying again may help',
  notFound: 'what was named is not there',
  refused: 'it was refused: access, a conflict with what is there, or parts that do not fit together',
  interrupted: 'it was interrupted with Ctrl-C; a job that was waited for goes on',
};

const codeOf: Partial<Record<ErrorCode, number>> = {
  invalid_spec: exitCodes.usage,
  invalid_argument: exitCodes.usage,
  unavailable: exitCodes.unavailable,
  storage_unavailable: exitCodes.unavailable,
  dataset_missing: exitCodes.notFound,
  job_unknown: exitCodes.notFound,
  run_unknown: exitCodes.notFound,
  checkpoint_missing: exitCodes.notFound,
  object_missing: exitCodes.notFound,
  content_missing: exitCodes.notFound,
  model_unknown: exitCodes.notFound,
  alias_unknown: exitCodes.notFound,
  bucket_missing: exitCodes.notFound,
  access_denied: exitCodes.refused,
  alias_moved: exitCodes.refused,
  schedule_mismatch: exitCodes.refused,
  unauthenticated: exitCodes.refused,
  version_mismatch: exitCodes.refused,
  numerics_mismatch: exitCodes.refused,
  job_conflict: exitCodes.refused,
  trainer_conflict: exitCodes.refused,
  cancelled: exitCodes.interrupted,
};

/** The exit code for an error: what went wrong, as far as a script needs to tell it apart. */
export function exitCodeOf(code: ErrorCode): number {
  return codeOf[code] ?? exitCodes.failure;
}

/** An exit code for people. */
export interface ExitCodeFacts {
  readonly code: number;
  readonly meaning: string;
  /** Errors that end with it, as `--json` names them; none for success, and for failure, which is all others. */
  readonly errors: readonly string[];
}

/** Every exit code, what it means, and the errors that end with it. */
export function exitCodeFacts(): ExitCodeFacts[] {
  return Object.entries(meanings).map(([name, meaning]) => {
    const code = exitCodes[name as keyof typeof exitCodes]; // The keys of the one are those of the other.
    const errors = Object.entries(codeOf).flatMap(([error, each]) => (each === code ? [error] : []));
    return { code, meaning, errors };
  });
}
