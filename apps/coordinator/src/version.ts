import { createRequire } from 'node:module';

/** Langevin's version: that of this package, as all packages of a release have the same. */
export const version: string = (createRequire(import.meta.url)('@langevin/coordinator/package.json') as { version: string }).version;
