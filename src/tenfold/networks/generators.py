"""Seeded random graphs: Erdős–Rényi, configuration model, small world, preferential attachment, hierarchy, blocks."""

from __future__ import annotations

import math
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.kernels.streams import BARABASI_ALBERT, CONFIGURATION, ERDOS_RENYI, NESTED_TENS, STOCHASTIC_BLOCK, WATTS_STROGATZ
from tenfold.networks.graph import Graph
from tenfold.networks.labels import INT32_MAX

__all__ = ["barabasi_albert", "configuration", "erdos_renyi", "nested_tens", "regular", "stochastic_block", "watts_strogatz"]


def erdos_renyi(n: int, mean_degree: float, *, seed: int = 0) -> Graph:
    """A random graph of n people with n · mean_degree / 2 edges, G(n, m); the few pairs that are drawn twice
    (about mean_degree² / 4 in all) count once.

    Examples
    --------
    >>> 3980 <= erdos_renyi(1000, 4.0, seed=1).arcs <= 4000
    True
    """
    from tenfold.kernels.networks.generators import random_edges

    size = checks.whole(n, "n", low=2, high=INT32_MAX)
    a, b = _edge_arrays(round(size * _checked_mean_degree(mean_degree, size) / 2))
    random_edges(size, len(a), _checked_seed(seed), ERDOS_RENYI, a, b)
    return Graph.from_edges(a, b, size).simple()


def configuration(degrees: ArrayLike, *, seed: int = 0) -> Graph:
    """A random graph with these degrees, the configuration model: stubs are paired at random.

    Pairs of a person with themselves are left out; parallel edges stay.

    Molloy, Reed 1995, doi:10.1002/rsa.3240060204.
    """
    from tenfold.kernels.networks.generators import shuffle_stubs

    try:
        wanted = np.asarray(degrees)
    except (ValueError, TypeError):
        wanted = np.zeros(0)
    if wanted.ndim != 1 or wanted.dtype.kind not in "iu" or (wanted < 0).any() or wanted.sum() % 2:
        raise SpecError("degrees must be a list of whole numbers from 0 on whose sum is even.")
    if wanted.sum(dtype=float) > INT32_MAX:
        raise SpecError(f"degrees sum to {wanted.sum(dtype=float):.0f}; at most {INT32_MAX} are allowed. Take fewer.")
    checks.memory(32 * len(wanted) + 28 * int(wanted.sum()), f"{int(wanted.sum())} stubs", "Take fewer people or lower degrees")
    stubs = np.repeat(np.arange(len(wanted), dtype=np.int32), wanted)
    shuffle_stubs(stubs, _checked_seed(seed), CONFIGURATION)
    return Graph.from_edges(stubs[::2], stubs[1::2], len(wanted))


def regular(n: int, degree: int, *, seed: int = 0) -> Graph:
    """A random regular graph: everybody has the same degree, but for the few whose own stubs were paired with each other."""
    size = checks.whole(n, "n", low=2, high=INT32_MAX)
    wanted = checks.whole(degree, "degree", low=0, high=min(size - 1, INT32_MAX // size))
    checks.memory(size * (40 + 28 * wanted), f"{size} people of degree {wanted}", "Lower n or degree")
    return configuration(np.full(size, wanted), seed=seed)


def watts_strogatz(n: int, degree: int, chance: float, *, seed: int = 0) -> Graph:
    """A small-world graph: a ring lattice of `degree` nearest neighbours, whose edges are rewired, each by `chance`.

    Watts, Strogatz 1998, doi:10.1038/30918.
    """
    from tenfold.kernels.networks.generators import rewire, ring_lattice

    size = checks.whole(n, "n", low=3, high=INT32_MAX)
    a, b = _edge_arrays(size * (checks.whole(degree, "degree", low=2) // 2))
    ring_lattice(size, a, b)
    rewire(size, a, b, round(checks.share(chance, "chance") * 2**32), _checked_seed(seed), WATTS_STROGATZ)
    return Graph.from_edges(a, b, size)


def barabasi_albert(n: int, ties: int, *, seed: int = 0) -> Graph:
    """Preferential attachment: each newcomer ties to `ties` different earlier people, drawn in proportion to the ties they have by then.

    The first newcomer ties to the `ties` people that are there at the beginning, so there are (n − ties) · ties edges.

    Barabási, Albert 1999, doi:10.1126/science.286.5439.509.

    Examples
    --------
    >>> graph = barabasi_albert(1000, 3, seed=1)
    >>> graph.arcs, graph.parallel()
    (5982, False)
    """
    from tenfold.kernels.networks.generators import preferential_attachment

    size = checks.whole(n, "n", low=2, high=INT32_MAX)
    each = checks.whole(ties, "ties", low=1, high=size - 1)
    a, b = _edge_arrays((size - each) * each)
    preferential_attachment(size, each, _checked_seed(seed), BARABASI_ALBERT, a, b)
    return Graph.from_edges(a, b, size)


def nested_tens(n: int, mean_degree: float = 10.0, *, alpha: float = 1.0, base: int = 10, seed: int = 0) -> Graph:
    """A hierarchy of nested groups: people in groups of ten, in groups of a hundred, and so on, with most ties inside the small ones.

    An edge ties somebody to one of those who share the group of level x with them, base**x people, but none smaller; the level has a
    chance in proportion to exp(−alpha · x). Edges that are drawn twice count once, so that with a large `alpha` the mean degree is smaller.

    Watts, Dodds, Newman 2002, doi:10.1126/science.1070120.

    Parameters
    ----------
    n
        Number of people; the last groups hold fewer if it is no power of `base`.
    mean_degree
        Twice the number of edges drawn, over n.
    alpha
        How much ties prefer the near: 0 means each level alike, −ln(base) everybody alike.
    base
        People in a group of level 1, and groups in a group above.
    seed
        The same seed, the same graph.

    Examples
    --------
    >>> graph = nested_tens(1000, 6.0, alpha=2.0, seed=1)
    >>> near = np.repeat(np.arange(1000), graph.degree()) // 10 == graph.other // 10
    >>> bool(near.mean() > 0.7)
    True
    """
    from tenfold.kernels.networks.generators import hierarchical_edges

    size, group_size = checks.whole(n, "n", low=2, high=INT32_MAX), checks.whole(base, "base", low=2, high=INT32_MAX)
    if isinstance(alpha, bool) or not isinstance(alpha, Real) or not math.isfinite(alpha):
        raise SpecError(f"alpha is {alpha!r}; expected a finite number.")
    levels = 1
    while group_size**levels < size:
        levels += 1
    a, b = _edge_arrays(round(size * _checked_mean_degree(mean_degree, size) / 2))
    decay = np.exp(-abs(float(alpha)) * np.arange(levels))
    hierarchical_edges(size, group_size, float(alpha) < 0, decay, _checked_seed(seed), NESTED_TENS, a, b)
    return Graph.from_edges(a, b, size).simple()


def stochastic_block(sizes: ArrayLike, mean_degree: ArrayLike, *, seed: int = 0) -> Graph:
    """The stochastic block model: blocks of people; mean_degree[r][s] is the mean number of ties of somebody of block r with block s.

    Holland, Laskey, Leinhardt 1983, doi:10.1016/0378-8733(83)90021-7; with a fixed number of edges between each two blocks.
    """
    try:
        blocks, means = np.asarray(sizes), np.asarray(mean_degree, dtype=float)
    except (ValueError, TypeError, OverflowError):
        raise SpecError(
            "sizes or mean_degree is no array of numbers; expected whole numbers, and a number for each two."
        ) from None
    if blocks.ndim != 1 or blocks.dtype.kind not in "iu" or (blocks < 0).any() or blocks.sum(dtype=float) > INT32_MAX:
        raise SpecError(f"sizes is no list of whole numbers from 0 on with a sum of at most {INT32_MAX}.")
    if means.shape != (len(blocks), len(blocks)) or not np.isfinite(means).all() or (means < 0).any():
        raise SpecError(
            f"mean_degree has the shape {means.shape}; expected one finite number from 0 on for each two of {len(blocks)} blocks."
        )
    first = np.concatenate([[0], np.cumsum(blocks)]).astype(np.int64)
    if not len(blocks) or float(blocks @ means.sum(axis=1)) > INT32_MAX:
        raise SpecError(f"sizes and mean_degree make no graph of at most {INT32_MAX} arcs. Take fewer people or ties.")
    arcs = float(blocks @ means.sum(axis=1))
    checks.memory(24 * int(first[-1]) + 40 * arcs, f"{int(first[-1])} people with {arcs:.0f} arcs", "Lower sizes or mean_degree")
    rng = np.random.Generator(np.random.Philox(key=[_checked_seed(seed), STOCHASTIC_BLOCK]))
    ends: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
    for r in range(len(blocks)):
        for s in range(r, len(blocks)):
            edges = round(blocks[r] * means[r, s] / (2 if r == s else 1)) if blocks[s] else 0
            ends.append((_random_members(rng, first, r, edges), _random_members(rng, first, s, edges)))
    return Graph.from_edges(np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends]), int(first[-1]))


def _checked_mean_degree(mean_degree: object, size: int) -> float:
    """A mean degree from 0 to below the number of nodes."""
    if isinstance(mean_degree, bool) or not isinstance(mean_degree, Real) or not 0 <= float(mean_degree) < size:
        raise SpecError(f"mean_degree is {mean_degree!r}; expected 0 to n − 1.")
    return float(mean_degree)


def _random_members(rng: np.random.Generator, first: NDArray[np.int64], block: int, edges: int) -> NDArray[np.int32]:
    """Uniform members of a block with replacement, (edges). `first` (blocks + 1): where each block begins."""
    size = int(first[block + 1] - first[block])
    return (first[block] + rng.integers(0, size, edges)).astype(np.int32) if edges else np.empty(0, np.int32)


def _edge_arrays(edges: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Two arrays for the ends of that many edges, not filled."""
    if 2 * edges > INT32_MAX:
        raise SpecError(f"the graph would have {edges} edges; at most {INT32_MAX // 2} are allowed. Take fewer people or ties.")
    checks.memory(40 * edges, f"{edges} edges", "Take fewer people or ties")
    return np.empty(edges, np.int32), np.empty(edges, np.int32)


def _checked_seed(seed: object) -> int:
    return checks.whole(seed, "seed", low=0, high=2**32 - 1)
