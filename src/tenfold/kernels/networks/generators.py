"""Random graphs: the ends of their edges, drawn one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer

__all__ = ["grow", "nest", "pair_stubs", "random_pairs", "rewire", "ring"]


@jit
def random_pairs(n: int, edges: int, seed: int, stream: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Pairs of different people, each pair equally likely; parallel ones are possible."""
    for k in range(edges):
        i = uniform_integer(n, seed, 0, stream, 0, k, 0)
        j = uniform_integer(n - 1, seed, 0, stream, 1, k, 0)
        a[k], b[k] = i, j + (j >= i)


@jit
def pair_stubs(stubs: NDArray[np.int32], seed: int, stream: int) -> None:
    """Shuffle in place (Fisher, Yates)."""
    for k in range(stubs.size - 1, 0, -1):
        j = uniform_integer(k + 1, seed, 0, stream, 0, k, 0)
        stubs[k], stubs[j] = stubs[j], stubs[k]


@jit
def rewire(n: int, a: NDArray[np.int32], b: NDArray[np.int32], chance: int, seed: int, stream: int) -> None:
    """Give each edge, by chance (in 2⁻³²), another far end at random."""
    for k in range(a.size):
        if uniform_integer(1 << 32, seed, 0, stream, 2, k, 0) < chance:
            j = uniform_integer(n - 1, seed, 0, stream, 3, k, 0)
            b[k] = j + (j >= a[k])


@jit
def ring(n: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Edges from everybody to the next on a ring, then to the next but one, and so on."""
    for k in range(a.size):
        a[k], b[k] = k % n, (k + 1 + k // n) % n


@jit
def grow(n: int, ties: int, seed: int, stream: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Each newcomer ties to people drawn from the ends of all earlier edges, again until they differ; the first ties to everybody."""
    taken = np.full(n, -1, np.int32)
    for k in range(a.size):
        newcomer = ties + k // ties
        earlier = k - k % ties  # edges there were before the newcomer
        a[k] = newcomer
        if not earlier:
            b[k] = k
            continue
        attempt = 0
        j = newcomer
        while j == newcomer or taken[j] == newcomer:
            drawn = uniform_integer(2 * earlier, seed, 0, stream, 0, k, attempt)
            j = b[drawn >> 1] if drawn & 1 else a[drawn >> 1]
            attempt += 1
        taken[j] = newcomer
        b[k] = j


@jit
def _people(i: int, width: int, n: int) -> int:
    """How many are in the group of i, of groups of `width` people of whom the last may hold fewer."""
    return min(width, n - i // width * width)


@jit
def nest(
    n: int,
    base: int,
    rising: bool,
    power: NDArray[np.float64],
    seed: int,
    stream: int,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
) -> None:
    """Ends of edges in nested groups of base, base², … people: somebody, the level of the smallest group that holds both, the other.

    `power[d]` is the chance of a level relative to the likeliest, d levels away: that is the topmost if `rising`, else the lowest.
    Levels whose group holds nobody new, since people end there, are left out.
    """
    levels = power.size
    for k in range(a.size):
        i = uniform_integer(n, seed, 0, stream, 0, k, 0)
        lowest, total, width = 0, 0.0, 1
        for level in range(1, levels + 1):
            if _people(i, width * base, n) > _people(i, width, n):
                lowest = lowest if lowest else level
                total += power[levels - level if rising else level - lowest]
            width *= base
        left = uniform_integer(1 << 32, seed, 0, stream, 1, k, 0) / 4294967296.0 * total
        chosen, width = 1, 1
        for level in range(1, levels + 1):
            if _people(i, width * base, n) > _people(i, width, n):
                chosen = width
                left -= power[levels - level if rising else level - lowest]
                if left < 0:
                    break
            width *= base
        inner = _people(i, chosen, n)
        j = i // (chosen * base) * chosen * base + uniform_integer(_people(i, chosen * base, n) - inner, seed, 0, stream, 2, k, 0)
        a[k], b[k] = i, j if j < i // chosen * chosen else j + inner
