// Original file: ../../protos/langevin/v1/cluster.proto

import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from '../../langevin/v1/Subtree.js';
import type { Content as _langevin_v1_Content, Content__Output as _langevin_v1_Content__Output } from '../../langevin/v1/Content.js';
import type { Long } from '@grpc/proto-loader';

export interface PartialReady {
  'job'?: (string);
  'step'?: (number | string | Long);
  'generation'?: (number | string | Long);
  'subtree'?: (_langevin_v1_Subtree | null);
  'content'?: (_langevin_v1_Content | null);
  'weightSum'?: (number | string);
  'lossSum'?: (number | string);
}

export interface PartialReady__Output {
  'job': (string);
  'step': (string);
  'generation': (string);
  'subtree': (_langevin_v1_Subtree__Output | null);
  'content': (_langevin_v1_Content__Output | null);
  'weightSum': (number);
  'lossSum': (number);
}
