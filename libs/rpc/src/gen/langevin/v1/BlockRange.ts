// Original file: ../../protos/langevin/v1/cluster.proto


export interface BlockRange {
  'owner'?: (string);
  'firstBlock'?: (number);
  'blocks'?: (number);
}

export interface BlockRange__Output {
  'owner': (string);
  'firstBlock': (number);
  'blocks': (number);
}
