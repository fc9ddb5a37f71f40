/** The word after `langevin` of every command, in the order of the help. */
export const commandNames = [
  'demo', 'up', 'trainer', 'doctor', 'dataset', 'job', 'run', 'node', 'sample', 'compress', 'decompress', 'eval', 'ckpt', 'model', 'index', 'store', 'certs', 'health', 'completion',
] as const;

/** One of them. */
export type CommandName = (typeof commandNames)[number];
