"""Reverse-reachable (RR) sets of a triggering model: all from whom a path of live arcs leads to one person, the root.

Borgs, Brautbar, Chayes, Lucier 2014, doi:10.1137/1.9781611973402.70. A set is a function of the seed, the stream and its number, which
name a sequence of random words (Philox). The first word decides the root. For each person in the set one word decides how many of the
arcs into them are live (binomial table), and one word for each live arc decides which it is. Guo, Wang, Wei, Chen 2020,
doi:10.1145/3318464.3389740, skip arcs by geometric steps instead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.seeds.triggering import TriggeringModel

__all__ = ["RRSets", "Roots", "draw_rr_sets"]

_SHIFT = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_ALWAYS = np.uint32(0xFFFFFFFF)
_VISITED, _TARGET = np.uint8(1), np.uint8(2)
_BATCH, _FIRST = 256, 8  # sets whose first words are made together, and how many words of each
_NEXT = 32  # words that are made when these are used up


class RRSets(NamedTuple):
    """Reverse-reachable sets, one behind the other: set i holds the people `members[begin[i]:begin[i + 1]]`.

    `members` (memberships, int32); `begin` (sets + 1, int64).
    """

    members: NDArray[np.int32]
    begin: NDArray[np.int64]


class Roots(NamedTuple):
    """From whom sets are drawn.

    Set i is drawn from `nodes[i]`, if there are any. Otherwise all people are cut into so many equal `parts`, and set i is drawn from
    somebody of part i − `first`. So the sets `first` to `first` + `parts` − 1 are drawn from each person equally often.
    """

    nodes: NDArray[np.int32]
    first: int
    parts: int


@jit
def _first_words(words: NDArray[np.uint32], low: int, count: int, stream: int, seed: int) -> None:
    """The first words of `count` sets from number `low` on, into `words` (_FIRST, _BATCH). Without branches, so that it is vectorised."""
    for block in range(_FIRST // 4):
        one, two, three, four = words[4 * block], words[4 * block + 1], words[4 * block + 2], words[4 * block + 3]
        for k in range(count):
            c0, c1, c2, c3 = np.uint32(stream), np.uint32(low + k), np.uint32(block), np.uint32(0)
            k0, k1 = np.uint32(seed), np.uint32(0)
            for _ in range(10):
                p0, p1 = _M0 * np.uint64(c0), _M1 * np.uint64(c2)
                c0, c1, c2, c3 = (
                    np.uint32(p1 >> _SHIFT) ^ c1 ^ k0,
                    np.uint32(p1),
                    np.uint32(p0 >> _SHIFT) ^ c3 ^ k1,
                    np.uint32(p0),
                )
                k0, k1 = np.uint32(k0 + _W0), np.uint32(k1 + _W1)
            one[k], two[k], three[k], four[k] = c0, c1, c2, c3


@jit
def _next_words(words: NDArray[np.uint32], number: int, block: int, stream: int, seed: int) -> None:
    """The next _NEXT words of one set, from the block `block` (of four words) on, into `words`."""
    for k in range(_NEXT // 4):
        c0, c1, c2, c3 = np.uint32(stream), np.uint32(number), np.uint32(block + k), np.uint32(0)
        k0, k1 = np.uint32(seed), np.uint32(0)
        for _ in range(10):
            p0, p1 = _M0 * np.uint64(c0), _M1 * np.uint64(c2)
            c0, c1, c2, c3 = np.uint32(p1 >> _SHIFT) ^ c1 ^ k0, np.uint32(p1), np.uint32(p0 >> _SHIFT) ^ c3 ^ k1, np.uint32(p0)
            k0, k1 = np.uint32(k0 + _W0), np.uint32(k1 + _W1)
        words[4 * k], words[4 * k + 1], words[4 * k + 2], words[4 * k + 3] = c0, c1, c2, c3


@jit
def _threshold_arc(cumulative_weight: NDArray[np.uint64], low: int, high: int, word: np.uint64) -> int:
    """Which of the arcs `low` to `high` − 1 is live under a linear threshold, −1 for none."""
    if cumulative_weight.size == 0:
        return low + int(np.int64((word * np.uint64(high - low)) >> _SHIFT))
    if word >= cumulative_weight[high - 1]:
        return -1
    while high - low > 1:
        middle = (low + high) >> 1
        if word < cumulative_weight[middle - 1]:
            high = middle
        else:
            low = middle
    return low


@jit
def draw_rr_sets(
    model: TriggeringModel, roots: Roots, low: int, high: int, stream: int, seed: int, targets: NDArray[np.uint8]
) -> tuple[RRSets, int]:
    """The sets with the numbers `low` to `high` − 1, and how many of them hold a target.

    `targets` (n, or none): 2 for each target, 0 for the others. With targets a set is drawn only until it holds one, and no set is kept.
    """
    start, source, counts, acceptance, cumulative_weight, at_most_one, out_degree, capacity, steps = model
    table_of, batch, full, rest, cumulative = counts
    n, counting, hits, used = start.size - 1, targets.size > 0, 0, 0
    part = n / roots.parts if roots.parts else 0.0
    mark = targets.copy() if counting else np.zeros(n, np.uint8)
    declined = np.zeros(out_degree.size, np.int32)  # arcs of each that are known to be beyond their capacity
    members = np.empty(n + 64 if counting else n + 16 * (high - low) + 4096, np.int32)
    begin = np.zeros(1 if counting else high - low + 1, np.int64)
    first_words, words = np.empty((_FIRST, _BATCH), np.uint32), np.empty(_NEXT, np.uint32)
    for number in range(low, high):
        column = (number - low) % _BATCH
        if column == 0:
            _first_words(first_words, number, min(_BATCH, high - number), stream, seed)
        for k in range(_FIRST):
            words[k] = first_words[k, column]
        next_word, last_word, block = 1, _FIRST, _FIRST // 4
        if counting:
            used = 0
        else:
            begin[number - low] = used
            if members.size - used < n + 64:  # room for everybody, and for the arcs drawn at once
                larger = np.empty(2 * members.size, np.int32)
                for k in range(used):
                    larger[k] = members[k]
                members = larger
        place = (number - roots.first + words[0] / 4294967296.0) * part
        root = roots.nodes[number] if roots.nodes.size else np.int32(min(place, n - 1.0))
        own, head, end, level, depth, any_declined = used, used, used + 1, used + 1, 0, False
        members[used] = root
        hit = mark[root] != 0
        mark[root] |= _VISITED
        while head < end and not hit and depth < steps:
            v = np.int64(members[head])
            head += 1
            at, until = start[v], start[v + 1]
            while at < until and not hit:
                if next_word == last_word:
                    _next_words(words, number, block, stream, seed)
                    next_word, last_word, block = 0, _NEXT, block + _NEXT // 4
                word = np.uint64(words[next_word])
                next_word += 1
                if at_most_one:
                    arc = _threshold_arc(cumulative_weight, at, until, word)
                    if arc < 0:
                        break
                    members[end] = arc
                    count, at = 1, until
                else:
                    arcs, table, count = until - at, np.int64(table_of[v]), 0
                    if table < 0:
                        kind = -1 - table
                        table = rest[kind]
                        if arcs >= batch[kind]:
                            arcs, table = batch[kind], full[kind]
                    while word >= cumulative[table + count]:
                        count += 1
                    for k in range(count):  # so many different arcs (Floyd's algorithm), kept behind the set for now
                        if next_word == last_word:
                            _next_words(words, number, block, stream, seed)
                            next_word, last_word, block = 0, _NEXT, block + _NEXT // 4
                        top = arcs - count + k
                        arc = at + np.int64((np.uint64(words[next_word]) * np.uint64(top + 1)) >> _SHIFT)
                        next_word += 1
                        for before in range(end, end + k):
                            if members[before] == arc:
                                arc = at + top
                                break
                        members[end + k] = arc
                    at += arcs
                kept = end
                for k in range(end, end + count):
                    arc = int(np.int64(members[k]))
                    if acceptance.size:
                        if next_word == last_word:
                            _next_words(words, number, block, stream, seed)
                            next_word, last_word, block = 0, _NEXT, block + _NEXT // 4
                        next_word += 1
                        if words[next_word - 1] >= acceptance[arc] and acceptance[arc] != _ALWAYS:
                            continue
                    u = source[arc]
                    known = mark[u]
                    if known & _VISITED:
                        continue
                    if out_degree.size:
                        open_arcs = out_degree[u] - declined[u]
                        if open_arcs > capacity:
                            if next_word == last_word:
                                _next_words(words, number, block, stream, seed)
                                next_word, last_word, block = 0, _NEXT, block + _NEXT // 4
                            next_word += 1
                            if np.int64((np.uint64(words[next_word - 1]) * np.uint64(open_arcs)) >> _SHIFT) >= capacity:
                                declined[u] += 1
                                any_declined = True
                                continue
                    mark[u] = known | _VISITED
                    members[kept] = u
                    kept += 1
                    if known:
                        hit = True
                        break
                end = kept
            if head == level:
                level = end
                depth += 1
        for k in range(own, end):
            mark[members[k]] &= _TARGET
        if any_declined:
            for k in range(own, end):  # whoever declined has an arc to somebody in the set
                for arc in range(start[members[k]], start[members[k] + 1]):
                    declined[source[arc]] = 0
        used = end
        hits += hit
    if counting:
        return RRSets(members[:0], begin), hits
    begin[high - low] = used
    return RRSets(members[:used], begin), hits
