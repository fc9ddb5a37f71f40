/** A machine or folder that cannot be used as it is: its message is one line that says what to do. */
export class BootstrapError extends Error {}

/** Turns what Node throws into one line. */
export function explain(error) {
  if (error instanceof BootstrapError) return error.message;
  if (error.code === 'ENOSPC') return 'the disk is full: free some space (about 1.5 GB), then start again';
  if (error.code === 'EROFS' || error.code === 'EACCES') return `${error.path} cannot be written: clone Langevin into a folder of your own`;
  return error.stack;
}
