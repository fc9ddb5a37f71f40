/**
 * Kernel that a backend has whose graphs are free to compute in any order: inputs `x` and `after`, its one output is x, but not before
 * `after` has been computed. A backend that computes in the order of the calls needs none.
 */
export const afterKernel = 'LangevinAfter';
