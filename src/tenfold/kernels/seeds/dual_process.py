"""Sets of those who would make a person practise at the deadline, where people lapse, take up again, and lose bonds.

Going back in time from one person, a set holds those by whose practice then this person practises at the end (the dual of an additive
process: Harris 1978, doi:10.1214/aop/1176995523). Going back one step, each in the set is replaced by those who bring it to them
in that step, and by themselves, unless they lapse in it. In the model a person lapses with a chance γ whoever is around, and whoever
lapses does not take up again in the same step. That is an additive process as long as γ is at most the chance that none of their arcs is
live: then lapses may be drawn in such steps only, with the chance γ / P(none is live), and each person moves by the model's chances still.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import philox
from tenfold.kernels.seeds.reverse_reachable import Inward

__all__ = ["Dual", "draw_duals"]

_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_NEXT, _BLOCK = 0, 1  # of `at`: which word of the four is next, and the number of the next four


class Dual(NamedTuple):
    """How arcs into each person are drawn in every step, and who lapses when none of them is live.

    `arcs`: the chances of a step. `lapse` (n): in 2⁻³². `alive` (`steps` + 1, or none): the chance that a bond is there in step
    t = 1, 2, …, in 2⁻³²; it is never there again when it is lost. `pairs`: both arcs between two people are one bond.
    """

    arcs: Inward
    lapse: NDArray[np.uint64]
    alive: NDArray[np.uint64]
    pairs: bool
    steps: int


@jit
def _word(four: NDArray[np.uint64], at: NDArray[np.int64], number: int, stream: int, seed: int) -> np.uint64:
    """The next word of a set."""
    if at[_NEXT] == 4:
        four[0], four[1], four[2], four[3] = philox(
            np.uint64(stream), np.uint64(number), np.uint64(at[_BLOCK]), np.uint64(0), np.uint64(seed), np.uint64(0)
        )
        at[_NEXT] = 0
        at[_BLOCK] += 1
    at[_NEXT] += 1
    return np.uint64(four[at[_NEXT] - 1])


@jit
def _bond(one: int, two: int, number: int, stream: int, seed: int) -> np.uint64:
    """The word that says how long a bond lasts in a set."""
    return np.uint64(
        philox(np.uint64(stream), np.uint64(number), np.uint64(one), np.uint64(two + 1), np.uint64(seed), np.uint64(0))[0]
    )


@jit
def _back(
    dual: Dual, now: NDArray[np.int32], size: int, step: int, then: NDArray[np.int32], mark: NDArray[np.int64], stamp: int,
    found: NDArray[np.int64], four: NDArray[np.uint64], at: NDArray[np.int64], number: int, stream: int, seed: int,
) -> int:  # fmt: skip
    """Who is in a set before a step, into `then`, of `size` people `now` after it; how many."""
    start, other, rows, sizes, full, rest, table, keep = dual.arcs[:8]
    end = 0
    for place in range(size):
        v = int(now[place])
        first, until, live = start[v], start[v + 1], 0
        while first < until:  # the live arcs into them, so many at once
            many, row, count = until - first, np.int64(rows[v]), 0
            if row < 0:
                own = -1 - row
                row = rest[own]
                if many >= sizes[own]:
                    many, row = sizes[own], full[own]
            word = _word(four, at, number, stream, seed)
            while word >= table[row + count]:
                count += 1
            for k in range(count):  # so many different ones (Floyd's algorithm)
                top = many - count + k
                arc = first + np.int64((_word(four, at, number, stream, seed) * np.uint64(top + 1)) >> _SHIFT)
                for before in range(k):
                    if found[before] == arc:
                        arc = first + top
                        break
                found[k] = arc
            first += many
            kept = 0
            for k in range(count):
                arc = found[k]
                if keep.size == 0 or keep[arc] == _MASK or _word(four, at, number, stream, seed) < keep[arc]:
                    found[kept] = arc
                    kept += 1
            live += kept
            for k in range(kept):
                u = int(other[found[k]])
                if mark[u] != stamp:
                    if dual.alive.size:
                        one, two = (min(u, v), max(u, v)) if dual.pairs else (u, v)
                        if _bond(one, two, number, stream, seed) >= dual.alive[step]:
                            continue
                    mark[u] = stamp
                    then[end] = u
                    end += 1
        if live == 0 and dual.lapse[v] and _word(four, at, number, stream, seed) < dual.lapse[v]:
            continue
        if mark[v] != stamp:
            mark[v] = stamp
            then[end] = v
            end += 1
    return end


@jit
def draw_duals(
    dual: Dual, roots: NDArray[np.int32], first: int, many: int, low: int, high: int, stream: int, seed: int, wanted: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:  # fmt: skip
    """The sets from number `low` to `high` − 1, as `draw_sets` gives them; a set may be empty.

    With `wanted` (2 for those wanted, else 0; none: (0)) none is kept, and it is counted how many hold somebody wanted.
    """
    arcs = dual.arcs
    n, asks, hits, used = arcs.start.size - 1, wanted.size > 0, 0, 0
    wide, most = n / many if many else 0.0, 1
    for v in range(n):
        most = max(most, arcs.start[v + 1] - arcs.start[v])
    now, then, mark, stamp = np.empty(n, np.int32), np.empty(n, np.int32), np.zeros(n, np.int64), 0
    found, four, at = np.empty(most, np.int64), np.empty(4, np.uint64), np.zeros(2, np.int64)
    people = np.empty(0 if asks else n + 16 * (high - low), np.int32)
    begin = np.zeros(1 if asks else high - low + 1, np.int64)
    for number in range(low, high):
        at[_NEXT], at[_BLOCK] = 4, 0
        share = (number - first + _word(four, at, number, stream, seed) / 4294967296.0) * wide
        now[0], size = roots[number] if roots.size else np.int32(min(share, n - 1.0)), 1
        for back in range(dual.steps):
            if size == 0:
                break
            stamp += 1
            size = _back(dual, now, size, dual.steps - back, then, mark, stamp, found, four, at, number, stream, seed)
            now, then = then, now
        if asks:
            for k in range(size):
                if wanted[now[k]]:
                    hits += 1
                    break
            continue
        begin[number - low] = used
        if people.size - used < size:
            larger = np.empty(2 * people.size, np.int32)
            larger[:used] = people[:used]
            people = larger
        people[used : used + size] = now[:size]
        used += size
    if not asks:
        begin[high - low] = used
    return people[:used], begin, hits
