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
    """Memory that all sets use: `stamp` (n) of the last step back in which somebody was met; `live` (largest in-degree), arcs."""

    stamp: NDArray[np.int64]
    live: NDArray[np.int64]


@jit
def _next_word(words: _Words) -> np.uint64:
    """The next word of a set."""
    four, position = words.four, words.position
    if position[_NEXT] == 4:
        four[0], four[1], four[2], four[3] = philox(
            np.uint64(words.stream),
            np.uint64(words.number),
            np.uint64(position[_BLOCK]),
            np.uint64(0),
            np.uint64(words.seed),
            np.uint64(0),
        )
        position[_NEXT] = 0
        position[_BLOCK] += 1
    position[_NEXT] += 1
    return np.uint64(four[position[_NEXT] - 1])


@jit
def _tie_word(words: _Words, one: int, two: int) -> np.uint64:
    """The word that decides how long the tie of two people exists in a set."""
    stream, number = np.uint64(words.stream), np.uint64(words.number)
    return np.uint64(philox(stream, number, np.uint64(one), np.uint64(two + 1), np.uint64(words.seed), np.uint64(0))[0])


@jit
def _step_back(
    dual: DualProcess,
    step: int,
    after: NDArray[np.int32],
    size: int,
    before: NDArray[np.int32],
    visit: int,
    buffers: _Buffers,
    words: _Words,
) -> int:
    """Those before `step`, into `before`, by whom the first `size` of `after` are infected after it; returns how many.

    `visit`: a stamp that no earlier step back has had.
    """
    start, source, acceptance = dual.arcs.start, dual.arcs.source, dual.arcs.acceptance
    table_of, batch, full, rest, cumulative = dual.arcs.counts
    stamp, chosen = buffers.stamp, buffers.live
    end = 0
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
            word = _next_word(words)
            while word >= cumulative[table + count]:
                count += 1
            for k in range(count):  # so many different arcs (Floyd's algorithm)
                top = arcs - count + k
                arc = first + np.int64((_next_word(words) * np.uint64(top + 1)) >> _SHIFT)
                for earlier in range(k):
                    if chosen[earlier] == arc:
                        arc = first + top
                        break
                chosen[k] = arc
            first += arcs
            kept = 0
            for k in range(count):
                arc = chosen[k]
                if acceptance.size == 0 or acceptance[arc] == _ALWAYS or _next_word(words) < acceptance[arc]:
                    chosen[kept] = arc
                    kept += 1
            live += kept
            for k in range(kept):
                u = int(source[chosen[k]])
                if stamp[u] != visit:
                    if dual.tie_survival.size:
                        one, two = (min(u, v), max(u, v)) if dual.mutual else (u, v)
                        if _tie_word(words, one, two) >= dual.tie_survival[step]:
                            continue
                    stamp[u] = visit
                    before[end] = u
                    end += 1
        if live == 0 and dual.recovery[v] and _next_word(words) < dual.recovery[v]:
            continue
        if stamp[v] != visit:
            stamp[v] = visit
            before[end] = v
            end += 1
    return end


@jit
def draw_dual_sets(
    dual: DualProcess, roots: Roots, low: int, high: int, stream: int, seed: int, targets: NDArray[np.uint8]
) -> tuple[RRSets, int]:
    """The sets with the numbers `low` to `high` − 1, and how many of them hold a target; a set may be empty.

    `targets` (n, or none): 2 for each target, 0 for the others. With targets no set is kept. See `draw_rr_sets`.
    """
    arcs = dual.arcs
    n, counting, hits, used = arcs.start.size - 1, targets.size > 0, 0, 0
    part, largest = n / roots.parts if roots.parts else 0.0, 1
    for v in range(n):
        largest = max(largest, arcs.start[v + 1] - arcs.start[v])
    after, before, visit = np.empty(n, np.int32), np.empty(n, np.int32), 0
    buffers = _Buffers(np.zeros(n, np.int64), np.empty(largest, np.int64))
    four, position = np.empty(4, np.uint64), np.zeros(2, np.int64)
    members = np.empty(0 if counting else n + 16 * (high - low), np.int32)
    begin = np.zeros(1 if counting else high - low + 1, np.int64)
    for number in range(low, high):
        position[_NEXT], position[_BLOCK] = 4, 0
        words = _Words(four, position, number, stream, seed)
        place = (number - roots.first + _next_word(words) / 4294967296.0) * part
        after[0], size = roots.nodes[number] if roots.nodes.size else np.int32(min(place, n - 1.0)), 1
        for back in range(dual.steps):
            if size == 0:
                break
            visit += 1
            size = _step_back(dual, dual.steps - back, after, size, before, visit, buffers, words)
            after, before = before, after
        if counting:
            for k in range(size):
                if targets[after[k]]:
                    hits += 1
                    break
            continue
        begin[number - low] = used
        if members.size - used < size:
            larger = np.empty(2 * members.size, np.int32)
            larger[:used] = members[:used]
            members = larger
        members[used : used + size] = after[:size]
        used += size
    if not counting:
        begin[high - low] = used
    return RRSets(members[:used], begin), hits
