// Original file: ../../protos/langevin/v1/cluster.proto


export interface PeerTrouble {
  'job'?: (string);
  'peer'?: (string);
  'problem'?: (string);
}

export interface PeerTrouble__Output {
  'job': (string);
  'peer': (string);
  'problem': (string);
}
