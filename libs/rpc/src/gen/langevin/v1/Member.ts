// Original file: ../../protos/langevin/v1/cluster.proto

import type { Endpoints as _langevin_v1_Endpoints, Endpoints__Output as _langevin_v1_Endpoints__Output } from '../../langevin/v1/Endpoints.js';

export interface Member {
  'id'?: (string);
  'name'?: (string);
  'incarnation'?: (string);
  'endpoints'?: (_langevin_v1_Endpoints | null);
}

export interface Member__Output {
  'id': (string);
  'name': (string);
  'incarnation': (string);
  'endpoints': (_langevin_v1_Endpoints__Output | null);
}
