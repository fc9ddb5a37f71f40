// Original file: ../../protos/langevin/v1/cluster.proto

import type { Content as _langevin_v1_Content, Content__Output as _langevin_v1_Content__Output } from '../../langevin/v1/Content.js';

export interface StateFile {
  'role'?: (string);
  'content'?: (_langevin_v1_Content | null);
}

export interface StateFile__Output {
  'role': (string);
  'content': (_langevin_v1_Content__Output | null);
}
