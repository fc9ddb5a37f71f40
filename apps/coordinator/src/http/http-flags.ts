import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { CoordinatorOptions } from '../coordinator.js';

/** The flags of the coordinator's process that concern the HTTP API. */
export const httpFlags = {
  'http-port': { type: 'string' },
  /** Folder of the built dashboard. */
  dashboard: { type: 'string' },
  /** Module that runs the sampler. */
  sampler: { type: 'string' },
  /** `NAME=VALUE` that the sampler starts with, any number of times. */
  'sampler-env': { type: 'string', multiple: true },
  /** `off`: no pictures of checkpoints. */
  samples: { type: 'string' },
} as const;

/** What they were given as. */
export interface HttpFlags {
  readonly 'http-port'?: string | undefined;
  readonly dashboard?: string | undefined;
  readonly sampler?: string | undefined;
  readonly 'sampler-env'?: readonly string[] | undefined;
  readonly samples?: string | undefined;
}

/** The HTTP side of a coordinator on a data folder; without --http-port there is none. */
export function httpOptions(flags: HttpFlags, dataFolder: string): Pick<CoordinatorOptions, 'http'> {
  const { 'http-port': port, dashboard, sampler, 'sampler-env': env = [], samples } = flags;
  if (port === undefined) return {};
  return {
    http: {
      port: Number(port),
      dashboard,
      names: [hostname().toLowerCase()],
      recipes: dirname(createRequire(import.meta.url).resolve('@langevin/recipes/package.json')),
      metrics: join(dataFolder, 'metrics'),
      matrices: samples !== 'off',
      ...(sampler !== undefined && {
        sampler: { module: sampler, env: Object.fromEntries(env.map((pair) => pair.split(/=(.*)/s, 2))), output: join(dataFolder, 'logs', 'sampler.log') },
      }),
    },
  };
}
