// Original file: ../../protos/langevin/v1/cluster.proto


export interface Hello {
  'version'?: (string);
  'name'?: (string);
  'incarnation'?: (string);
  'pullAddress'?: (string);
  'numerics'?: ({[key: string]: string});
}

export interface Hello__Output {
  'version': (string);
  'name': (string);
  'incarnation': (string);
  'pullAddress': (string);
  'numerics': ({[key: string]: string});
}
