/**
 * Every kind of failure that Langevin reports. A code is stable: programs may switch on it; messages are for people.
 */
export type ErrorCode =
  | 'invalid_spec'
  | 'invalid_argument'
  | 'unauthenticated'
  | 'version_mismatch'
  | 'numerics_mismatch'
  | 'dataset_missing'
  | 'job_unknown'
  | 'job_conflict'
  | 'trainer_conflict'
  | 'run_unknown'
  | 'checkpoint_missing'
  | 'checkpoint_corrupt'
  | 'object_missing'
  | 'object_exists'
  | 'object_corrupt'
  | 'content_missing'
  | 'model_unknown'
  | 'alias_unknown'
  | 'alias_moved'
  | 'schedule_mismatch'
  | 'storage_full'
  | 'storage_unavailable'
  | 'bucket_missing'
  | 'access_denied'
  | 'storage_failed'
  | 'address_in_use'
  | 'unavailable'
  | 'trainer_lost'
  | 'trainer_diverged'
  | 'non_finite'
  | 'runtime_missing'
  | 'unsupported'
  | 'cancelled'
  | 'internal';

/**
 * The one error class of Langevin: a stable code, a one-line message that says what was wrong, where, and what to do,
 * and the cause if another error led to it.
 */
export class LangevinError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'LangevinError';
    this.code = code;
  }

  /** Wraps anything that was thrown; a LangevinError passes through unchanged. */
  static from(thrown: unknown, code: ErrorCode = 'internal'): LangevinError {
    if (thrown instanceof LangevinError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new LangevinError(code, message, { cause: thrown });
  }
}
