/**
 * Largest control message, in bytes, that is sent or received. The protocols keep theirs under 64 KiB; the margin is for
 * job specifications and manifests that people make unusually long.
 */
export const maxControlBytes = 256 * 1024;

/** Largest reply of the service Jobs, whose lists have an entry of some hundred bytes for each job. */
export const maxListBytes = 4 * 1024 * 1024;

/** Largest chunk of bulk data in one message, in bytes. */
export const maxChunkBytes = 4 * 1024 * 1024;

/** Largest message that carries a chunk: the chunk, its length, checksum and total size. */
export const maxChunkMessageBytes = maxChunkBytes + 1024;
