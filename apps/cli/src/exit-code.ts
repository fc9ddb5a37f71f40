import type { ErrorCode } from '@langevin/contracts';

/** What the shell sees. Stable: scripts may rely on it. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  unavailable: 3,
  notFound: 4,
  refused: 5,
  interrupted: 130,
} as const;

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
  cancelled: exitCodes.interrupted,
};

/** The exit code for an error: what went wrong, as far as a script needs to tell it apart. */
export function exitCodeOf(code: ErrorCode): number {
  return codeOf[code] ?? exitCodes.failure;
}
