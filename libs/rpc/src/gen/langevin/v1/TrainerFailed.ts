// Original file: ../../protos/langevin/v1/cluster.proto


export interface TrainerFailed {
  'job'?: (string);
  'code'?: (string);
  'message'?: (string);
}

export interface TrainerFailed__Output {
  'job': (string);
  'code': (string);
  'message': (string);
}
