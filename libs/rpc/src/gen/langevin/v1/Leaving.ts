// Original file: ../../protos/langevin/v1/cluster.proto


export interface Leaving {
  'reason'?: (string);
}

export interface Leaving__Output {
  'reason': (string);
}
