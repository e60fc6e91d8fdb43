"""Seeded random graphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph

__all__ = ["configuration", "erdos_renyi", "regular", "stochastic_block", "watts_strogatz"]

_ER, _STUBS, _RING, _BLOCK = 31, 32, 33, 34


def erdos_renyi(n: int, mean_degree: float, *, seed: int = 0) -> Graph:
    """A random graph of n people with n · mean_degree / 2 edges, G(n, m); the few pairs that are drawn twice
    (about mean_degree² / 4 in all) count once.

    Examples
    --------
    >>> 3980 <= erdos_renyi(1000, 4.0, seed=1).arcs <= 4000
    True
    """
    from tenfold.kernels.graph import random_pairs

    size = checks.whole(n, "n", low=2, high=2**31 - 2)
    if not 0 <= mean_degree < size:
        raise SpecError(f"mean_degree is {mean_degree!r}; expected 0 to n − 1.")
    edges = round(size * mean_degree / 2)
    a, b = np.empty(edges, np.int64), np.empty(edges, np.int64)
    random_pairs(size, edges, _seed(seed), _ER, a, b)
    return Graph.from_edges(a, b, size).simple()


def configuration(degrees: ArrayLike, *, seed: int = 0) -> Graph:
    """A random graph with these degrees: stubs paired at random. Pairs of a person with themselves are left out, parallel edges stay.

    Molloy, Reed 1995, doi:10.1002/rsa.3240060204.
    """
    from tenfold.kernels.graph import pair_stubs

    wanted = np.asarray(degrees)
    if wanted.ndim != 1 or wanted.dtype.kind not in "iu" or (wanted < 0).any() or wanted.sum() % 2:
        raise SpecError("degrees must be a list of whole numbers from 0 on whose sum is even.")
    stubs = np.repeat(np.arange(len(wanted)), wanted).astype(np.int64)
    pair_stubs(stubs, _seed(seed), _STUBS)
    return Graph.from_edges(stubs[::2], stubs[1::2], len(wanted))


def regular(n: int, degree: int, *, seed: int = 0) -> Graph:
    """A random graph in which everybody has the same degree, but for the few whose stubs met themselves."""
    size = checks.whole(n, "n", low=2)
    return configuration(np.full(size, checks.whole(degree, "degree", low=0, high=size - 1)), seed=seed)


def watts_strogatz(n: int, degree: int, chance: float, *, seed: int = 0) -> Graph:
    """A ring on which everybody is tied to the `degree` nearest, and each edge leads elsewhere by `chance`.

    Watts, Strogatz 1998, doi:10.1038/30918.
    """
    from tenfold.kernels.graph import rewire

    size, half = checks.whole(n, "n", low=3), checks.whole(degree, "degree", low=2) // 2
    a = np.tile(np.arange(size, dtype=np.int64), half)
    b = (a + np.repeat(np.arange(1, half + 1), size)) % size
    rewire(size, a, b, round(checks.share(chance, "chance") * 2**32), _seed(seed), _RING)
    return Graph.from_edges(a, b, size)


def stochastic_block(sizes: ArrayLike, mean_degree: ArrayLike, *, seed: int = 0) -> Graph:
    """Blocks of people; mean_degree[r][s] is the mean number of ties of somebody of block r with block s.

    Holland, Laskey, Leinhardt 1983, doi:10.1016/0378-8733(83)90021-7; with a fixed number of edges between each two blocks.
    """
    blocks = np.asarray(sizes, dtype=np.int64)
    means = np.asarray(mean_degree, dtype=float)
    if means.shape != (len(blocks), len(blocks)) or not np.isfinite(means).all() or (means < 0).any():
        raise SpecError(
            f"mean_degree has the shape {means.shape}; expected one finite number from 0 on for each two of {len(blocks)} blocks."
        )
    first = np.concatenate([[0], np.cumsum(blocks)])
    rng = np.random.Generator(np.random.Philox(key=[_seed(seed), _BLOCK]))
    ends: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for r in range(len(blocks)):
        for s in range(r, len(blocks)):
            edges = round(blocks[r] * means[r, s] / (2 if r == s else 1))
            ends.append((first[r] + rng.integers(0, blocks[r], edges), first[s] + rng.integers(0, blocks[s], edges)))
    return Graph.from_edges(np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends]), int(first[-1]))


def _seed(seed: object) -> int:
    return checks.whole(seed, "seed", low=0, high=2**32 - 1)
