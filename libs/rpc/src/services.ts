import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { LangevinError } from '@langevin/contracts';
import type { ClusterClient, ClusterHandlers } from './gen/langevin/v1/Cluster.js';
import type { JobsClient, JobsHandlers } from './gen/langevin/v1/Jobs.js';
import type { TransferClient, TransferHandlers } from './gen/langevin/v1/Transfer.js';
import { loaderOptions } from './loader-options.js';
import { withRawReplies } from './raw-reply.js';

/** The generated client type of each service of Langevin. */
export interface ServiceClients {
  Cluster: ClusterClient;
  Jobs: JobsClient;
  Transfer: TransferClient;
}

/** The generated handler types of each service of Langevin. */
export interface ServiceHandlers {
  Cluster: ClusterHandlers;
  Jobs: JobsHandlers;
  Transfer: TransferHandlers;
}

/** Name of a service, without its package. */
export type ServiceName = keyof ServiceHandlers;

/** All services, in the order of their proto files. */
export const serviceNames: readonly ServiceName[] = ['Cluster', 'Jobs', 'Transfer'];

/** Name of a service on the wire. */
export function qualifiedName(service: ServiceName): string {
  return `langevin.v1.${service}`;
}

let loaded: ReadonlyMap<ServiceName, ServiceDefinition> | undefined;

/** The definition (paths, serialisers) of a service, read once from the proto files of `@langevin/protos`. */
export function serviceDefinition(service: ServiceName): ServiceDefinition {
  loaded ??= loadDefinitions();
  const definition = loaded.get(service);
  if (!definition) throw new LangevinError('internal', `no service ${qualifiedName(service)} in @langevin/protos`);
  return definition;
}

function loadDefinitions(): ReadonlyMap<ServiceName, ServiceDefinition> {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve('@langevin/protos/package.json'));
  const files = serviceNames.map((name) => `langevin/v1/${name.toLowerCase()}.proto`);
  const definitions = loadSync(files, { ...loaderOptions, includeDirs: [root] });
  return new Map(
    // A service's entry is a ServiceDefinition; the union also covers messages and enums, which have other names.
    serviceNames.map((name) => [name, withRawReplies(definitions[qualifiedName(name)] as ServiceDefinition)]),
  );
}
