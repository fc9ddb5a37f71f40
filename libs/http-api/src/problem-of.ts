import { STATUS_CODES } from 'node:http';
import { LangevinError, type ErrorCode } from '@langevin/contracts';
import type { Problem } from '@langevin/contracts/api';

/** The HTTP status of each kind of failure (RFC 9110, §15). */
const statusOf = {
  invalid_argument: 400,
  unauthenticated: 401,
  access_denied: 403,
  job_unknown: 404,
  run_unknown: 404,
  checkpoint_missing: 404,
  object_missing: 404,
  content_missing: 404,
  model_unknown: 404,
  alias_unknown: 404,
  job_conflict: 409,
  trainer_conflict: 409,
  alias_moved: 409,
  object_exists: 409,
  cancelled: 409,
  version_mismatch: 409,
  numerics_mismatch: 409,
  trainer_diverged: 409,
  checkpoint_corrupt: 409,
  object_corrupt: 409,
  invalid_spec: 422,
  dataset_missing: 422,
  schedule_mismatch: 422,
  non_finite: 422,
  unsupported: 422,
  internal: 500,
  storage_failed: 500,
  address_in_use: 500,
  storage_unavailable: 503,
  bucket_missing: 503,
  unavailable: 503,
  trainer_lost: 503,
  runtime_missing: 503,
  storage_full: 507,
} satisfies Record<ErrorCode, number>;

/** An answer that is no success, when the status says more than the code does. */
export class HttpError extends LangevinError {
  readonly status: number;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}

/** What went wrong as RFC 9457 writes it. What is no error of ours is a mistake in the program: its words stay in the log. */
export function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof LangevinError)) return problem(500, 'internal', 'an error inside the coordinator; its log says more');
  return problem(thrown instanceof HttpError ? thrown.status : statusOf[thrown.code], thrown.code, thrown.message);
}

function problem(status: number, code: ErrorCode, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}
