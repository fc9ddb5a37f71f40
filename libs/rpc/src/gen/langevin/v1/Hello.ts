// Original file: ../../protos/langevin/v1/cluster.proto

import type { Endpoints as _langevin_v1_Endpoints, Endpoints__Output as _langevin_v1_Endpoints__Output } from '../../langevin/v1/Endpoints.js';
import type { HeldState as _langevin_v1_HeldState, HeldState__Output as _langevin_v1_HeldState__Output } from '../../langevin/v1/HeldState.js';
import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'version'?: (string);
  'name'?: (string);
  'incarnation'?: (string);
  'pullAddress'?: (string);
  'numerics'?: ({[key: string]: string});
  'exchange'?: (_langevin_v1_Endpoints | null);
  'holds'?: (_langevin_v1_HeldState | null);
  'cluster'?: (string);
  'term'?: (number | string | Long);
}

export interface Hello__Output {
  'version': (string);
  'name': (string);
  'incarnation': (string);
  'pullAddress': (string);
  'numerics': ({[key: string]: string});
  'exchange': (_langevin_v1_Endpoints__Output | null);
  'holds': (_langevin_v1_HeldState__Output | null);
  'cluster': (string);
  'term': (string);
}
