/**
 * How protobuf messages look in JavaScript: 64-bit integers and enums as strings, unset fields at their defaults, and the
 * name of the set member of each oneof. The generated types in `src/gen` are made with the same choices.
 */
export const loaderOptions = { longs: String, enums: String, defaults: true, oneofs: true } as const;
