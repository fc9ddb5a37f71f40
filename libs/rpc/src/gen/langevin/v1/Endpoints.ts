// Original file: ../../protos/langevin/v1/cluster.proto


export interface Endpoints {
  'shm'?: (string);
  'tcp'?: (string);
  'grpc'?: (string);
}

export interface Endpoints__Output {
  'shm': (string);
  'tcp': (string);
  'grpc': (string);
}
