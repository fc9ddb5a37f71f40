import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';

/**
 * Keeps grpc-js from writing to the console: every failure reaches the caller as an error, and is told once. Whoever sets
 * GRPC_VERBOSITY or GRPC_TRACE to look inside still gets what they asked for.
 */
export function silenceGrpcLog(): void {
  const wanted = process.env['GRPC_VERBOSITY'] ?? process.env['GRPC_TRACE'];
  if (wanted === undefined) setLogVerbosity(logVerbosity.NONE);
}
