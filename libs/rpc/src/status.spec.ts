import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import type { ErrorCode } from '@langevin/contracts';
import { fromServiceError, toStatus } from './status.js';

const coordinator = { name: 'coordinator', address: '127.0.0.1:7400' };
const trainer = { name: 'trainer t2', address: '127.0.0.1:7402' };

/** A failure of gRPC itself: no error code of Langevin in the trailers. */
function failure(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

const codes: Record<ErrorCode, status> = {
  invalid_spec: status.INVALID_ARGUMENT,
  invalid_argument: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  version_mismatch: status.FAILED_PRECONDITION,
  numerics_mismatch: status.FAILED_PRECONDITION,
  dataset_missing: status.NOT_FOUND,
  job_unknown: status.NOT_FOUND,
  job_conflict: status.ALREADY_EXISTS,
  trainer_conflict: status.ALREADY_EXISTS,
  run_unknown: status.NOT_FOUND,
  checkpoint_missing: status.NOT_FOUND,
  checkpoint_corrupt: status.DATA_LOSS,
  object_missing: status.NOT_FOUND,
  object_exists: status.ALREADY_EXISTS,
  object_corrupt: status.DATA_LOSS,
  content_missing: status.NOT_FOUND,
  model_unknown: status.NOT_FOUND,
  alias_unknown: status.NOT_FOUND,
  alias_moved: status.ABORTED,
  schedule_mismatch: status.FAILED_PRECONDITION,
  storage_full: status.RESOURCE_EXHAUSTED,
  storage_unavailable: status.UNAVAILABLE,
  bucket_missing: status.NOT_FOUND,
  access_denied: status.PERMISSION_DENIED,
  storage_failed: status.INTERNAL,
  address_in_use: status.FAILED_PRECONDITION,
  unavailable: status.UNAVAILABLE,
  trainer_lost: status.ABORTED,
  trainer_diverged: status.ABORTED,
  non_finite: status.ABORTED,
  runtime_missing: status.FAILED_PRECONDITION,
  unsupported: status.UNIMPLEMENTED,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
};

describe('toStatus', () => {
  it.each(Object.entries(codes))('sends %s as status %i and gives it back unchanged', (code, expected) => {
    const sent = toStatus(new LangevinError(code as ErrorCode, `what happened: 5 > 4`));
    expect(sent.code).toBe(expected);
    const received = fromServiceError(Object.assign(new Error(sent.details), sent), coordinator);
    expect({ code: received.code, message: received.message }).toEqual({ code, message: 'what happened: 5 > 4' });
  });

  it('calls what is no LangevinError internal', () => {
    const sent = toStatus(new TypeError('x is undefined'));
    expect([sent.code, sent.details]).toEqual([status.INTERNAL, 'x is undefined']);
  });

  it('shortens a message that would not fit into a header', () => {
    expect(toStatus(new LangevinError('internal', 'x'.repeat(100_000))).details).toHaveLength(4000);
  });
});

describe('fromServiceError', () => {
  const message = (code: status, details: string, peer = coordinator) => {
    const error = fromServiceError(failure(code, details), peer);
    return `${error.code}: ${error.message}`;
  };

  it('says how to start a coordinator when none answers', () => {
    expect(message(status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED')).toBe(
      'unavailable: no coordinator at 127.0.0.1:7400: start one with `langevin up`',
    );
  });

  it('names another peer that does not answer', () => {
    expect(message(status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED', trainer)).toBe(
      'unavailable: no trainer t2 at 127.0.0.1:7402: it has ended, or cannot be reached from here',
    );
  });

  it('tells a lost connection from one that was never made', () => {
    expect(message(status.UNAVAILABLE, 'Connection dropped', trainer)).toBe(
      'unavailable: lost the connection to trainer t2 at 127.0.0.1:7402: Connection dropped',
    );
    expect(message(status.INTERNAL, 'Received RST_STREAM with code 2 triggered by internal client error: SSL routines: bad record mac', trainer)).toMatch(/^unavailable: lost the connection to trainer t2 .*bad record mac$/);
    expect(message(status.INTERNAL, 'something else', trainer)).toMatch(/^internal: /);
  });

  it.each([
    [status.DEADLINE_EXCEEDED, /^unavailable: coordinator at 127.0.0.1:7400 did not answer in time/],
    [status.UNIMPLEMENTED, /^version_mismatch: .* runs another version of Langevin/],
    [status.CANCELLED, /^cancelled: /],
    [status.RESOURCE_EXHAUSTED, /^invalid_argument: /],
    [status.UNKNOWN, /^internal: /],
  ])('gives status %i of gRPC itself a code and a reason', (code, expected) => {
    expect(message(code, 'details')).toMatch(expected);
  });

  it('does not believe an error code that it does not know', () => {
    const error = failure(status.NOT_FOUND, 'gone');
    error.metadata.set('langevin-error-code', 'toString');
    expect(fromServiceError(error, coordinator).code).toBe('internal');
  });

  it('passes a LangevinError through', () => {
    const error = new LangevinError('storage_full', 'full');
    expect(fromServiceError(error, coordinator)).toBe(error);
  });
});
