import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/**
 * A reply that is already protobuf and is written straight into the memory that leaves, instead of being gathered in memory of its own
 * first. It has what grpc-js uses of the Buffer that a serialiser returns.
 */
export abstract class RawReply {
  abstract readonly byteLength: number;
  /** Writes all bytes, once, some time before the call that it was written to calls back. */
  abstract copy(into: Buffer, at: number): void;
}

/** The definition, whose methods take raw replies beside messages. */
export function withRawReplies(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(Object.entries(definition).map(([name, method]) => [name, takeRaw(method as MethodDefinition<unknown, unknown>)]));
}

function takeRaw(method: MethodDefinition<unknown, unknown>): MethodDefinition<unknown, unknown> {
  const { responseSerialize } = method;
  // Seen through grpc-js 1.14.7: it asks for the length, makes room, and has the reply copied there.
  return { ...method, responseSerialize: (reply) => (reply instanceof RawReply ? (reply as unknown as Buffer) : responseSerialize(reply)) };
}
