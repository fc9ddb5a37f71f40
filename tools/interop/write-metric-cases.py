"""python write-metric-cases.py OUT: sets of features and what NumPy and SciPy make of them, by other ways than Langevin's, into OUT/metrics.json."""
import json
import math
import sys

import numpy as np
from scipy.linalg import sqrtm
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist


def frechet(a, b):
    """The principal square root of the product C1·C2, by Schur, as the reference implementations of FID take it."""
    c1, c2 = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (a, b))
    return float(np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real))


def squared_mmd(kernel, a, b):
    m, n = len(a), len(b)
    k11, k22 = kernel(a, a), kernel(b, b)
    within = (k11.sum() - np.trace(k11)) / (m * (m - 1)) + (k22.sum() - np.trace(k22)) / (n * (n - 1))
    return float(within - 2 * kernel(a, b).mean())


def share_inside(queries, manifold, k):
    radii = np.sort(cdist(manifold, manifold), axis=1)[:, k]
    return float((cdist(queries, manifold) <= radii).any(axis=1).mean())


def squared_wasserstein(x, y):
    """The best assignment of points, each repeated until both sets are equally large."""
    size = math.lcm(len(x), len(y))
    costs = (np.repeat(x, size // len(x))[:, None] - np.repeat(y, size // len(y))[None, :]) ** 2
    return float(costs[linear_sum_assignment(costs)].mean())


def case(random, dimensions, m, n, shift):
    mix = np.eye(dimensions) + 0.4 * random.normal(size=(dimensions, dimensions)) / math.sqrt(dimensions)
    a = random.normal(size=(m, dimensions)).astype(np.float32)
    b = (random.normal(size=(n, dimensions)) @ mix + shift).astype(np.float32)
    x, y = a.astype(np.float64), b.astype(np.float64)
    cubic = lambda p, q: (p @ q.T / dimensions + 1) ** 3
    gaussian = lambda p, q: np.exp(-cdist(p, q, "sqeuclidean") / (2 * 1.7**2 * dimensions))
    first, second = x[:40, 0], y[:30, 0]
    return {
        "dimensions": dimensions,
        "a": a.ravel().tolist(),
        "b": b.ravel().tolist(),
        "frechet": frechet(x, y),
        "cubicMmd": squared_mmd(cubic, x, y),
        "gaussianMmd": squared_mmd(gaussian, x, y),
        "precision": share_inside(y, x, 3),
        "recall": share_inside(x, y, 3),
        "first": first.tolist(),
        "second": second.tolist(),
        "wasserstein": squared_wasserstein(first, second),
    }


random = np.random.default_rng(7)
shapes = [(1, 60, 50, 0.5), (2, 80, 60, 0.3), (8, 100, 200, 0.2), (32, 300, 200, 0.1), (64, 200, 300, 0)]
with open(f"{sys.argv[1]}/metrics.json", "w", encoding="utf-8") as file:
    json.dump([case(random, *shape) for shape in shapes], file)
