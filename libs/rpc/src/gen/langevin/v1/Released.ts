// Original file: ../../protos/langevin/v1/cluster.proto


export interface Released {
  'reason'?: (string);
}

export interface Released__Output {
  'reason': (string);
}
