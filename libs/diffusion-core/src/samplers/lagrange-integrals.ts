/** Nodes above 0 and weights of Gauss & Legendre's rule with eight nodes on −1 … 1. */
const rule = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

/**
 * ∫ w(u)·Lⱼ(u) du from one place to another for each Lagrange polynomial Lⱼ of these nodes: what each value at a node counts in the integral of the polynomial
 * through all. By the rule of Gauss & Legendre with eight nodes, exact where w·Lⱼ is a polynomial of degree 15 or less.
 */
export function lagrangeIntegrals(nodes: readonly number[], from: number, to: number, weight: (u: number) => number): number[] {
  const [middle, half] = [(from + to) / 2, (to - from) / 2];
  const places = rule.flatMap(([x, w]) => [
    { u: middle - half * x, w: half * w },
    { u: middle + half * x, w: half * w },
  ]);
  return nodes.map((own, j) => {
    const polynomial = (u: number): number => nodes.reduce((product, other, k) => (k === j ? product : (product * (u - other)) / (own - other)), 1);
    return places.reduce((sum, { u, w }) => sum + w * weight(u) * polynomial(u), 0);
  });
}
