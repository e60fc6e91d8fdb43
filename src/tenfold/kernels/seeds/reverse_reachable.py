"""Reverse-reachable sets: whoever would have reached a person, drawn backwards from them; and how arcs into each person are drawn.

Borgs, Brautbar, Chayes, Lucier 2014, doi:10.1137/1.9781611973402.70. A set is a function of seed, stream and its number, which
name a sequence of words (Philox). The first says from whom it is drawn. For each person met one word says how many of their
arcs are live (an exact table of the binomial distribution), and one for each of these which it is; Guo, Wang, Wei, Chen 2020,
doi:10.1145/3318464.3389740, skip by geometric steps instead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer

__all__ = ["Inward", "binomial_rows", "draw_sets", "equal_chances", "first_hits", "numbers", "running_sums", "walk"]

_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_SEEN, _WANTED = np.uint8(1), np.uint8(2)
_BATCH, _EARLY = 256, 8  # sets whose first words are made together, and how many of each
_MORE = 32  # words that are made when these are used up


class Inward(NamedTuple):
    """Who can reach each person, and how it is drawn which of their arcs are live.

    `start` (n + 1), `other` (arcs): those who can reach each. `row` (n): the row of `table` by which their arcs are drawn begins
    there; where it is below 0, they are drawn `size[−1 − row]` at a time, by the row at `full`, the last ones at `rest`. `keep` (arcs, or
    none): a drawn arc is live by this chance. `running` (arcs, or none): sums of weights up to each arc in its row. `one`: at
    most one arc is live (linear threshold). `outward` (n, or none) and `limit`: each approaches at most so many of those whom
    they can reach. `steps`: how far back to go.
    """

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    row: NDArray[np.int32]
    size: NDArray[np.int64]
    full: NDArray[np.int64]
    rest: NDArray[np.int64]
    table: NDArray[np.uint64]
    keep: NDArray[np.uint32]
    running: NDArray[np.uint64]
    one: bool
    outward: NDArray[np.int64]
    limit: int
    steps: int


@jit
def equal_chances(
    start: NDArray[np.int64], other: NDArray[np.int32], weight: NDArray[np.float64], found: NDArray[np.float64]
) -> bool:
    """The chance of the arcs that lead to each, into `found` (n, −1 at first); False at the first person whose arcs differ."""
    for arc in range(start[0], start[-1]):
        j = other[arc]
        if found[j] != weight[arc]:
            if found[j] >= 0:
                return False
            found[j] = weight[arc]
    return True


@jit
def binomial_rows(size: NDArray[np.int64], chance: NDArray[np.float64], begin: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Cumulated chances, in 2⁻³², of 0, 1, … live arcs of `size`, each with `chance`; `begin` is filled with where each row begins."""
    table = np.empty(64, np.uint64)
    used = 0
    for row in range(size.size):
        begin[row] = used
        n, p = size[row], chance[row]
        part = np.exp(n * np.log1p(-p)) if p < 1 else 0.0
        total = part
        for k in range(n + 1):
            if used == table.size:
                larger = np.empty(2 * table.size, np.uint64)
                for filled in range(used):
                    larger[filled] = table[filled]
                table = larger
            whole = np.uint64(round(min(total, 1.0) * 4294967296.0))
            table[used] = _MASK + np.uint64(1) if k == n else whole
            used += 1
            if table[used - 1] > _MASK:
                break
            if p < 1:
                part *= (n - k) / (k + 1) * (p / (1 - p))
            else:
                part = 1.0 if k + 1 == n else 0.0
            total += part
    return table[:used]


@jit
def running_sums(start: NDArray[np.int64], weight: NDArray[np.float64], found: NDArray[np.uint64]) -> int:
    """Sums of the weights in each row, in 2⁻³²; returns the first person with more than 1 in all, or −1."""
    for i in range(start.size - 1):
        total = 0.0
        for arc in range(start[i], start[i + 1]):
            total += weight[arc]
            found[arc] = np.uint64(round(min(total, 1.0) * 4294967296.0))
        if total > 1 + 1e-9:
            return i
    return -1


@jit
def _early(words: NDArray[np.uint32], low: int, count: int, stream: int, seed: int) -> None:
    """The first words of each of `count` sets from number `low` on, (_EARLY, _BATCH); written so that the compiler makes many at once."""
    for block in range(_EARLY // 4):
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
def _more(words: NDArray[np.uint32], number: int, block: int, stream: int, seed: int) -> None:
    """The next words of a set, from a block of four on."""
    for k in range(_MORE // 4):
        c0, c1, c2, c3 = np.uint32(stream), np.uint32(number), np.uint32(block + k), np.uint32(0)
        k0, k1 = np.uint32(seed), np.uint32(0)
        for _ in range(10):
            p0, p1 = _M0 * np.uint64(c0), _M1 * np.uint64(c2)
            c0, c1, c2, c3 = np.uint32(p1 >> _SHIFT) ^ c1 ^ k0, np.uint32(p1), np.uint32(p0 >> _SHIFT) ^ c3 ^ k1, np.uint32(p0)
            k0, k1 = np.uint32(k0 + _W0), np.uint32(k1 + _W1)
        words[4 * k], words[4 * k + 1], words[4 * k + 2], words[4 * k + 3] = c0, c1, c2, c3


@jit
def _row(running: NDArray[np.uint64], low: int, high: int, word: np.uint64) -> int:
    """The arc by which somebody is reached under a linear threshold, or −1."""
    if running.size == 0:
        return low + int(np.int64((word * np.uint64(high - low)) >> _SHIFT))
    if word >= running[high - 1]:
        return -1
    while high - low > 1:
        middle = (low + high) >> 1
        if word < running[middle - 1]:
            high = middle
        else:
            low = middle
    return low


@jit
def draw_sets(
    inward: Inward, roots: NDArray[np.int32], first: int, many: int, low: int, high: int, stream: int, seed: int,
    wanted: NDArray[np.uint8],
) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:  # fmt: skip
    """The sets from number `low` to `high` − 1 one behind the other, where each begins (one more than there are), and how many are hit.

    Set i is drawn from `roots[i]`, where there are any; else, as one of `many` from number `first` on, from somebody of the
    (i − first)-th of so many equal parts of all people, so that these sets together are drawn from each person equally often.
    With `wanted` (2 for those wanted, else 0; none: (0)) each is drawn only until it holds somebody wanted, and none is kept.
    """
    start, other, rows, size, full, rest, table, keep, running, single, outward, limit, steps = inward
    n, asks, hits, used = start.size - 1, wanted.size > 0, 0, 0
    wide = n / many if many else 0.0
    mark = wanted.copy() if asks else np.zeros(n, np.uint8)
    refused = np.zeros(outward.size, np.int32)
    people = np.empty(n + 64 if asks else n + 16 * (high - low) + 4096, np.int32)
    begin = np.zeros(1 if asks else high - low + 1, np.int64)
    early, words = np.empty((_EARLY, _BATCH), np.uint32), np.empty(_MORE, np.uint32)
    for number in range(low, high):
        column = (number - low) % _BATCH
        if column == 0:
            _early(early, number, min(_BATCH, high - number), stream, seed)
        for k in range(_EARLY):
            words[k] = early[k, column]
        next_word, last_word, block = 1, _EARLY, _EARLY // 4
        if asks:
            used = 0
        else:
            begin[number - low] = used
            if people.size - used < n + 64:  # room for all, and for the arcs drawn at once
                larger = np.empty(2 * people.size, np.int32)
                for k in range(used):
                    larger[k] = people[k]
                people = larger
        share = (number - first + words[0] / 4294967296.0) * wide
        root = roots[number] if roots.size else np.int32(min(share, n - 1.0))
        here, head, end, level, depth, asked = used, used, used + 1, used + 1, 0, False
        people[used] = root
        hit = mark[root] != 0
        mark[root] |= _SEEN
        while head < end and not hit and depth < steps:
            v = np.int64(people[head])
            head += 1
            at, until = start[v], start[v + 1]
            while at < until and not hit:
                if next_word == last_word:
                    _more(words, number, block, stream, seed)
                    next_word, last_word, block = 0, _MORE, block + _MORE // 4
                word = np.uint64(words[next_word])
                next_word += 1
                if single:
                    arc = _row(running, at, until, word)
                    if arc < 0:
                        break
                    people[end] = arc
                    count, at = 1, until
                else:
                    some, row, count = until - at, np.int64(rows[v]), 0
                    if row < 0:
                        own = -1 - row
                        row = rest[own]
                        if some >= size[own]:
                            some, row = size[own], full[own]
                    while word >= table[row + count]:
                        count += 1
                    for k in range(count):  # so many different ones (Floyd's algorithm)
                        if next_word == last_word:
                            _more(words, number, block, stream, seed)
                            next_word, last_word, block = 0, _MORE, block + _MORE // 4
                        top = some - count + k
                        arc = at + np.int64((np.uint64(words[next_word]) * np.uint64(top + 1)) >> _SHIFT)
                        next_word += 1
                        for before in range(end, end + k):
                            if people[before] == arc:
                                arc = at + top
                                break
                        people[end + k] = arc
                    at += some
                kept = end
                for k in range(end, end + count):
                    arc = int(np.int64(people[k]))
                    if keep.size:
                        if next_word == last_word:
                            _more(words, number, block, stream, seed)
                            next_word, last_word, block = 0, _MORE, block + _MORE // 4
                        next_word += 1
                        if words[next_word - 1] >= keep[arc] and keep[arc] != np.uint32(0xFFFFFFFF):
                            continue
                    u = other[arc]
                    known = mark[u]
                    if known & _SEEN:
                        continue
                    if outward.size:
                        left = outward[u] - refused[u]  # those known to be left out are not asked again
                        if left > limit:
                            if next_word == last_word:
                                _more(words, number, block, stream, seed)
                                next_word, last_word, block = 0, _MORE, block + _MORE // 4
                            next_word += 1
                            if np.int64((np.uint64(words[next_word - 1]) * np.uint64(left)) >> _SHIFT) >= limit:
                                refused[u] += 1
                                asked = True
                                continue
                    mark[u] = known | _SEEN
                    people[kept] = u
                    kept += 1
                    if known:
                        hit = True
                        break
                end = kept
            if head == level:
                level = end
                depth += 1
        for k in range(here, end):
            mark[people[k]] &= _WANTED
        if asked:
            for k in range(here, end):  # whoever was asked reaches somebody in the set
                for arc in range(start[people[k]], start[people[k] + 1]):
                    refused[other[arc]] = 0
        used = end
        hits += hit
    if asks:
        return people[:0], begin, hits
    begin[high - low] = used
    return people[:used], begin, hits


@jit
def first_hits(people: NDArray[np.int32], begin: NDArray[np.int64], place: NDArray[np.int32], many: int) -> NDArray[np.int64]:
    """For each of `many` places in an order of people (`place` −1: not in it) how many sets hold that person and none before."""
    found = np.zeros(many, np.int64)
    for k in range(begin.size - 1):
        best = many
        for at in range(begin[k], begin[k + 1]):
            own = place[people[at]]
            if own >= 0:
                best = min(best, own)
        if best < many:
            found[best] += 1
    return found


@jit
def numbers(seed: int, stream: int, first: int, many: int, bound: int) -> NDArray[np.int64]:
    """Whole numbers below `bound` (at most 2³²), one for each of `many` tries from number `first` on."""
    found = np.empty(many, np.int64)
    for k in range(many):
        found[k] = uniform_integer(bound, seed, 0, stream, 0, first + k, 0)
    return found


@jit
def walk(start: NDArray[np.int64], other: NDArray[np.int32], first: NDArray[np.int32], seen: NDArray[np.uint8]) -> None:
    """Mark all whom somebody of `first` can reach, in `seen` (n)."""
    queue = np.empty(seen.size, np.int32)
    end, head = 0, 0
    for i in first:
        if seen[i] == 0:
            seen[i] = 1
            queue[end] = i
            end += 1
    while head < end:
        i = queue[head]
        head += 1
        for arc in range(start[i], start[i + 1]):
            if seen[other[arc]] == 0:
                seen[other[arc]] = 1
                queue[end] = other[arc]
                end += 1
