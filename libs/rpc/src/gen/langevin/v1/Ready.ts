// Original file: ../../protos/langevin/v1/cluster.proto


export interface Ready {
  'job'?: (string);
  'numerics'?: ({[key: string]: string});
}

export interface Ready__Output {
  'job': (string);
  'numerics': ({[key: string]: string});
}
