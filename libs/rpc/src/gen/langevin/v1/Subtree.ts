// Original file: ../../protos/langevin/v1/cluster.proto


export interface Subtree {
  'first'?: (number);
  'leaves'?: (number);
}

export interface Subtree__Output {
  'first': (number);
  'leaves': (number);
}
