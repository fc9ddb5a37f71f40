// Original file: ../../protos/langevin/v1/cluster.proto


export interface Beat {
}

export interface Beat__Output {
}
