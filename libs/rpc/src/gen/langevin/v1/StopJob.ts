// Original file: ../../protos/langevin/v1/cluster.proto


export interface StopJob {
  'job'?: (string);
  'reason'?: (string);
}

export interface StopJob__Output {
  'job': (string);
  'reason': (string);
}
