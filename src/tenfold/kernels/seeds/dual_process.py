"""Reverse-reachable sets of the contact process (SIS): the dual process, with recovery, reinfection and ties that are lost for good.

The dual of an additive process (Harris 1978, doi:10.1214/aop/1176995523) runs back in time from one person, the root. After the steps
s, s − 1, …, 1 it holds those by whose state before step s the root is infected at the deadline. Going back one step, each member is
replaced by the sources of the live arcs into them and by themselves, unless they recover in that step.

In the engine a person recovers with the chance γ whatever their contacts do, and is not infected again in the same step. That is an
additive process as long as γ is at most the chance that none of the arcs into them is live. Then recovery may be drawn in such steps
only, with the chance γ / P(none is live), and each person still moves by the chances of the model.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import philox
from tenfold.kernels.seeds.reverse_reachable import Roots, RRSets
from tenfold.kernels.seeds.triggering import TriggeringModel

__all__ = ["DualProcess", "draw_dual_sets"]

_SHIFT = np.uint64(32)
_ALWAYS = np.uint64(0xFFFFFFFF)
_NEXT, _BLOCK = 0, 1  # of a position: which word of the four is next, and the number of the next four


class DualProcess(NamedTuple):
    """How the contact process is drawn backwards.

    `arcs`: how the arcs into each person are live in one step. `recovery` (n): the chance to recover in a step in which no arc is live, in
    2⁻³². `tie_survival` (steps + 1, or none): the chance that a tie still exists in step t = 1, 2, …, in 2⁻³²; a tie that is lost stays
    lost. `mutual`: both arcs between two people are one tie. `steps`: the deadline.
    """

    arcs: TriggeringModel
    recovery: NDArray[np.uint64]
    tie_survival: NDArray[np.uint64]
    mutual: bool
    steps: int


class _Words(NamedTuple):
    """The random words of one set: `four` of them are ready (4); `position` (2) says which is next, and which four come after them."""

    four: NDArray[np.uint64]
    position: NDArray[np.int64]
    number: int
    stream: int
    seed: int


class _Buffers(NamedTuple):
    """Memory that all sets use.

    `after` and `before` (n): members after a step, and before it. `stamp` (n): the last visit to each person. `live` (largest
    in-degree): arcs.
    """

    after: NDArray[np.int32]
    before: NDArray[np.int32]
    stamp: NDArray[np.int64]
    live: NDArray[np.int64]


@jit
def _next_word(four: NDArray[np.uint64], position: NDArray[np.int64], number: int, stream: int, seed: int) -> np.uint64:
    """The next word of a set.

    The arguments are the fields of `_Words`: to take arrays out of a tuple at every word would cost time.
    """
    if position[_NEXT] == 4:
        four[0], four[1], four[2], four[3] = philox(
            np.uint64(stream), np.uint64(number), np.uint64(position[_BLOCK]), np.uint64(0), np.uint64(seed), np.uint64(0)
        )
        position[_NEXT] = 0
        position[_BLOCK] += 1
    position[_NEXT] += 1
    return np.uint64(four[position[_NEXT] - 1])


@jit
def _tie_word(one: int, two: int, number: int, stream: int, seed: int) -> np.uint64:
    """The word that decides how long the tie of two people exists in a set."""
    return np.uint64(
        philox(np.uint64(stream), np.uint64(number), np.uint64(one), np.uint64(two + 1), np.uint64(seed), np.uint64(0))[0]
    )


@jit
def _dual_set(dual: DualProcess, root: np.int32, visits: int, buffers: _Buffers, words: _Words) -> NDArray[np.int32]:
    """The set of one root, in one of the buffers: from the deadline back to the beginning, step by step.

    Step number s back has the stamp `visits` + s; no earlier set has had one of these.
    """
    start, source, acceptance = dual.arcs.start, dual.arcs.source, dual.arcs.acceptance
    table_of, batch, full, rest, cumulative = dual.arcs.counts
    recovery, tie_survival = dual.recovery, dual.tie_survival
    after, before, stamp, chosen = buffers
    four, position, number, stream, seed = words
    after[0], size = root, 1
    for back in range(dual.steps):
        if size == 0:
            break
        visit, end = visits + back + 1, 0
        for place in range(size):
            v = int(after[place])
            first, until, live = start[v], start[v + 1], 0
            while first < until:  # the live arcs into them, a batch at a time
                arcs, table, count = until - first, np.int64(table_of[v]), 0
                if table < 0:
                    kind = -1 - table
                    table = rest[kind]
                    if arcs >= batch[kind]:
                        arcs, table = batch[kind], full[kind]
                word = _next_word(four, position, number, stream, seed)
                while word >= cumulative[table + count]:
                    count += 1
                for k in range(count):  # so many different arcs (Floyd's algorithm)
                    top = arcs - count + k
                    arc = first + np.int64((_next_word(four, position, number, stream, seed) * np.uint64(top + 1)) >> _SHIFT)
                    for earlier in range(k):
                        if chosen[earlier] == arc:
                            arc = first + top
                            break
                    chosen[k] = arc
                first += arcs
                kept = 0
                for k in range(count):
                    arc, always = chosen[k], acceptance.size == 0 or acceptance[chosen[k]] == _ALWAYS
                    if always or _next_word(four, position, number, stream, seed) < acceptance[arc]:
                        chosen[kept] = arc
                        kept += 1
                live += kept
                for k in range(kept):
                    u = int(source[chosen[k]])
                    if stamp[u] != visit:
                        if tie_survival.size:
                            one, two = (min(u, v), max(u, v)) if dual.mutual else (u, v)
                            if _tie_word(one, two, number, stream, seed) >= tie_survival[dual.steps - back]:
                                continue
                        stamp[u] = visit
                        before[end] = u
                        end += 1
            if live == 0 and recovery[v] and _next_word(four, position, number, stream, seed) < recovery[v]:
                continue
            if stamp[v] != visit:
                stamp[v] = visit
                before[end] = v
                end += 1
        after, before, size = before, after, end
    return after[:size]


@jit
def draw_dual_sets(
    dual: DualProcess, roots: Roots, low: int, high: int, stream: int, seed: int, targets: NDArray[np.uint8]
) -> tuple[RRSets, int]:
    """The sets with the numbers `low` to `high` − 1, and how many of them hold a target; a set may be empty.

    `targets` (n, or none): 2 for each target, 0 for the others. With targets no set is kept. See `draw_rr_sets`.
    """
    start = dual.arcs.start
    n, counting, hits, used = start.size - 1, targets.size > 0, 0, 0
    part, largest = n / roots.parts if roots.parts else 0.0, 1
    for v in range(n):
        largest = max(largest, start[v + 1] - start[v])
    buffers = _Buffers(np.empty(n, np.int32), np.empty(n, np.int32), np.zeros(n, np.int64), np.empty(largest, np.int64))
    four, position = np.empty(4, np.uint64), np.zeros(2, np.int64)
    members = np.empty(0 if counting else n + 16 * (high - low), np.int32)
    begin = np.zeros(1 if counting else high - low + 1, np.int64)
    for number in range(low, high):
        position[_NEXT], position[_BLOCK] = 4, 0
        place = (number - roots.first + _next_word(four, position, number, stream, seed) / 4294967296.0) * part
        root = roots.nodes[number] if roots.nodes.size else np.int32(min(place, n - 1.0))
        found = _dual_set(dual, root, (number - low) * dual.steps, buffers, _Words(four, position, number, stream, seed))
        if counting:
            for member in found:
                if targets[member]:
                    hits += 1
                    break
            continue
        begin[number - low] = used
        if members.size - used < found.size:
            larger = np.empty(2 * members.size, np.int32)
            larger[:used] = members[:used]
            members = larger
        members[used : used + found.size] = found
        used += found.size
    if not counting:
        begin[high - low] = used
    return RRSets(members[:used], begin), hits
