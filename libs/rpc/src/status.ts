import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError, StatusObject } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import type { ErrorCode } from '@langevin/contracts';
import { tlsFailure } from './tls/tls-failure.js';

/** Trailing metadata that carries the error code, so that the caller gets the error that the callee threw. */
const codeKey = 'langevin-error-code';

/** Details travel in an HTTP/2 header, which has a limit of its own. */
const maxDetailsLength = 4000;

const statusOf = {
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
} satisfies Record<ErrorCode, status>;

/** For statuses that no LangevinError made: gRPC itself, or a server that is not Langevin's. */
const codeOf: Partial<Record<status, ErrorCode>> = {
  [status.CANCELLED]: 'cancelled',
  [status.INVALID_ARGUMENT]: 'invalid_argument',
  [status.DEADLINE_EXCEEDED]: 'unavailable',
  [status.RESOURCE_EXHAUSTED]: 'invalid_argument',
  [status.UNIMPLEMENTED]: 'version_mismatch',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DATA_LOSS]: 'object_corrupt',
  [status.UNAUTHENTICATED]: 'unauthenticated',
};

/** Who is at the other end of a channel, for messages. */
export interface Peer {
  /** What it is, for people: `coordinator`, `trainer t2`. */
  readonly name: string;
  /** host:port */
  readonly address: string;
  /** Folder of the certificates that this connection uses; without it nothing is encrypted. */
  readonly certificates?: string | undefined;
}

/** The gRPC status of anything that was thrown. What is no LangevinError becomes `internal`. Causes stay at home. */
export function toStatus(thrown: unknown): StatusObject {
  const error = LangevinError.from(thrown);
  const metadata = new Metadata();
  metadata.set(codeKey, error.code);
  return { code: statusOf[error.code], details: error.message.slice(0, maxDetailsLength), metadata };
}

/**
 * The LangevinError behind a failed call: the one that the peer threw, or, when gRPC itself failed, one that says what
 * happened and what to do. Anything but a gRPC error is wrapped as `internal`.
 */
export function fromServiceError(thrown: unknown, peer: Peer): LangevinError {
  if (thrown instanceof LangevinError || !isServiceError(thrown)) return LangevinError.from(thrown);
  const sent = thrown.metadata.get(codeKey)[0];
  if (isErrorCode(sent)) return new LangevinError(sent, thrown.details, { cause: thrown });
  const refused = thrown.code === status.UNAVAILABLE ? tlsFailure(thrown.details, peer) : undefined;
  if (refused) return refused;
  const code = isBroken(thrown) ? 'unavailable' : (codeOf[thrown.code] ?? 'internal');
  return new LangevinError(code, describe(thrown, peer), { cause: thrown });
}

/** What gRPC calls an internal error of this end when the connection broke below it: a TLS record whose bytes are wrong, a reset. */
function isBroken({ code, details }: Pick<ServiceError, 'code' | 'details'>): boolean {
  return code === status.INTERNAL && /triggered by internal client error/.test(details);
}

function describe({ code, details }: ServiceError, peer: Peer): string {
  const at = `${peer.name} at ${peer.address}`;
  if (code === status.UNAVAILABLE && details.startsWith('No connection established')) {
    return peer.name === 'coordinator'
      ? `no coordinator at ${peer.address}: start one with \`langevin up\``
      : `no ${at}: it has ended, or cannot be reached from here`;
  }
  if (code === status.UNAVAILABLE || isBroken({ code, details })) return `lost the connection to ${at}: ${oneLine(details)}`;
  if (code === status.DEADLINE_EXCEEDED) return `${at} did not answer in time (${details}): is it overloaded or stopped?`;
  if (code === status.UNIMPLEMENTED) return `${at} does not know this call (${details}): it runs another version of Langevin, or another program`;
  return `${at}: ${oneLine(details)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'details' in thrown && 'metadata' in thrown;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(statusOf, value);
}
