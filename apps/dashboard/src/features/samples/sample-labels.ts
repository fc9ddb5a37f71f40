import type { SampleMatrix } from '@langevin/contracts/api';

/** Names of a picture's rows; a model without classes has one row without a name. */
export function rowNames({ labels }: Pick<SampleMatrix, 'labels'>): string[] {
  return labels.length === 0 ? [''] : labels.map(String);
}
