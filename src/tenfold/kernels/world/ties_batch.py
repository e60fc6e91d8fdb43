"""Ties of many people at once: all who try a slot ascend its levels together, and descend together to their partners.

The result is that of `ties.partner`. The work is in loops of few operations, most of which the compiler vectorises. Numbers are divided
as floating-point numbers, as processors have no vector instruction for whole numbers: (n + ½) / 10 is never near a whole number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.world.ties import (
    FULL,
    PARTIAL,
    UNMATCHED,
    ImplicitNetwork,
    feistel,
    feistel_inverse,
    hash64,
    pattern_index,
    person_at,
    unmatched_place,
)

__all__ = ["BATCH", "TieBatch", "ascend_batch", "descend_batch"]

BATCH = 2048  # people of a batch
_MASK = np.uint64(0xFFFFFFFF)
_ONE, _TEN, _HALF, _FIFTEEN = np.uint64(1), np.uint64(10), np.uint64(32), np.uint64(15)
_LEFT, _RIGHT, _TURNED, _REST = np.uint64(23), np.uint64(41), np.uint64(13), np.uint64(51)
_C2, _C3 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B)


class TieBatch(NamedTuple):
    """Buffers of one batch, each (BATCH,) but the last.

    `group`, `rank`: the group and the rank in it of those who ascend or descend; `rank` holds a place in between. `key`: a hash of the
    group. `matched_group`, `matched_place`, `matched_key`: the group of those who are matched, the partner's place in it, and the hash.
    `level_start` (16,): where the matched of each level begin.
    """

    group: NDArray[np.uint64]
    rank: NDArray[np.uint64]
    key: NDArray[np.uint64]
    matched_group: NDArray[np.uint64]
    matched_place: NDArray[np.uint64]
    matched_key: NDArray[np.uint64]
    level_start: NDArray[np.int64]


@jit
def ascend_batch(network: ImplicitNetwork, slot: int, circle: int, ascending: int, batch: TieBatch) -> None:
    """From level 1 to the top: at each level some are matched, and the place of their partner is noted; the others go on.

    `circle`: any circle of a full block, to which all of the batch belong.
    """
    top, matched, group = network.partial_group.size - 1, 0, circle
    for level in range(2, top + 1):
        group //= 10
        batch.level_start[level] = matched
        if ascending:
            kind = PARTIAL if group == network.partial_group[level] else FULL
            ascending, matched = _ascend_level(network, slot, level, kind, ascending, matched, batch)
    batch.level_start[top + 1] = matched


@jit
def _ascend_level(
    network: ImplicitNetwork, slot: int, level: int, kind: int, ascending: int, matched: int, batch: TieBatch
) -> tuple[int, int]:
    """One level up. Returns how many are still unmatched, and how many are matched at this level or below."""
    group, rank, key = batch.group, batch.rank, batch.key
    matched_group, matched_place, matched_key = batch.matched_group, batch.matched_place, batch.matched_key
    own_key, full, before = network.key[slot, level], np.uint64(10), np.uint64(0)
    if kind == PARTIAL:
        full = np.uint64(network.full_parts[level])
        before = full * np.uint64(network.unmatched[slot, level - 1, FULL])
    for i in range(ascending):
        below = group[i]
        own = np.uint64(np.int64((np.float64(np.int64(below)) + 0.5) * 0.1))
        part = below - own * _TEN
        group[i], key[i] = own, hash64(own_key, own)
        rank[i] = rank[i] * full + part if part < full else before + rank[i]
    n_paired, n_unmatched = network.matched[slot, level, kind], network.unmatched[slot, level, kind]
    first, size = network.pattern_start[slot, level, kind], n_paired + n_unmatched
    ascended, begin = 0, matched
    if first >= 0:
        count, table, flag = network.pattern_count[slot, level, kind], network.group_patterns[first:], np.uint64(UNMATCHED)
        for i in range(ascending):
            found = np.uint64(table[pattern_index(key[i], count) * (size + n_unmatched) + np.int64(rank[i])])
            matched_group[matched], matched_place[matched], up = group[i], found, found >= flag
            group[ascended], rank[ascended] = group[i], found - flag
            matched += 1 - int(up)
            ascended += int(up)
        return ascended, matched
    bits, rows = network.feistel_bits[slot, level, kind], network.feistel_rows[slot, level, kind]
    paired = np.uint64(n_paired)
    _feistel_batch(rank, key, ascending, size, bits, rows)
    for i in range(ascending):
        found = rank[i]
        up = found >= paired
        matched_group[matched], matched_place[matched], matched_key[matched] = group[i], found ^ _ONE, key[i]
        group[ascended], rank[ascended] = group[i], found - paired
        matched += 1 - int(up)
        ascended += int(up)
    _feistel_inverse_batch(matched_place[begin:], matched_key[begin:], matched - begin, size, bits, rows)
    return ascended, matched


@jit
def descend_batch(
    network: ImplicitNetwork, slot: int, circle: int, batch: TieBatch, remote: NDArray[np.int64], count: int
) -> tuple[int, int, int]:
    """From the top down to a circle and a rank in it, in `group` and `rank`.

    Partners below a partial group are computed one by one and appended to `remote`, which has `count` entries. Returns how many have come
    down, how many of them from above level 5 (these come first), and how many entries `remote` has.
    """
    top, descending, wide = network.partial_group.size - 1, 0, 0
    group, rank, level_start = batch.group, batch.rank, batch.level_start
    for level in range(top, 1, -1):
        if level == 5:
            wide = descending
        if descending:
            if network.partial_group[level] >= 0:
                descending, count = _finish_partial(network, slot, level, descending, batch, remote, count)
            _unmatched_places(network, slot, level, descending, batch)
            _enter_parts(network, slot, level, FULL, 0, descending, batch)
        begin, joining = descending, level_start[level + 1] - level_start[level]
        group[begin : begin + joining] = batch.matched_group[level_start[level] : level_start[level + 1]]
        rank[begin : begin + joining] = batch.matched_place[level_start[level] : level_start[level + 1]]
        descending += joining
        kind = PARTIAL if circle // 10 ** (level - 1) == network.partial_group[level] else FULL
        _enter_parts(network, slot, level, kind, begin, descending, batch)
    return descending, wide, count


@jit
def _finish_partial(
    network: ImplicitNetwork, slot: int, level: int, descending: int, batch: TieBatch, remote: NDArray[np.int64], count: int
) -> tuple[int, int]:
    """Those who descend through the partial group of a level, one by one, into `remote`; the others are kept."""
    kept, partial = 0, np.uint64(network.partial_group[level])
    for i in range(descending):
        if batch.group[i] == partial:
            place = unmatched_place(network, slot, level, network.partial_group[level], int(np.int64(batch.rank[i])))
            person = person_at(network, slot, level, network.partial_group[level], place)
            remote[count] = person // 10 << 4 | person % 10
            count += 1
        else:
            batch.group[kept], batch.rank[kept] = batch.group[i], batch.rank[i]
            kept += 1
    return kept, count


@jit
def _unmatched_places(network: ImplicitNetwork, slot: int, level: int, descending: int, batch: TieBatch) -> None:
    """`ties.unmatched_place` of a batch in full groups: `rank` becomes the place."""
    group, rank, key, own_key = batch.group, batch.rank, batch.key, network.key[slot, level]
    matched, unmatched = network.matched[slot, level, FULL], network.unmatched[slot, level, FULL]
    first, size = network.pattern_start[slot, level, FULL], matched + unmatched
    for i in range(descending):
        key[i] = hash64(own_key, group[i])
    if first >= 0:
        count, table = network.pattern_count[slot, level, FULL], network.group_patterns[first + size :]
        for i in range(descending):
            rank[i] = np.uint64(table[pattern_index(key[i], count) * (size + unmatched) + np.int64(rank[i])])
        return
    offset = np.uint64(matched)
    for i in range(descending):
        rank[i] += offset
    bits, rows = network.feistel_bits[slot, level, FULL], network.feistel_rows[slot, level, FULL]
    _feistel_inverse_batch(rank, key, descending, size, bits, rows)


@jit
def _enter_parts(network: ImplicitNetwork, slot: int, level: int, kind: int, low: int, high: int, batch: TieBatch) -> None:
    """`ties.part_and_rank` of rows low..high − 1: a place in a group becomes a rank in one of its parts."""
    group, rank = batch.group, batch.rank
    if kind == FULL:
        for i in range(low, high):
            place = rank[i]
            row = np.uint64(np.int64((np.float64(np.int64(place)) + 0.5) * 0.1))
            group[i], rank[i] = group[i] * _TEN + place - row * _TEN, row
        return
    full = np.uint64(network.full_parts[level])
    before = full * np.uint64(network.unmatched[slot, level - 1, FULL])
    for i in range(low, high):
        place = rank[i]
        if place >= before:
            group[i], rank[i] = group[i] * _TEN + full, place - before
        else:
            group[i], rank[i] = group[i] * _TEN + place % full, place // full


@jit
def _feistel_batch(
    place: NDArray[np.uint64], key: NDArray[np.uint64], count: int, size: int, bits: np.uint64, rows: np.uint64
) -> None:
    """`ties.feistel` of a batch, in place."""
    mask, down, rows_32, limit = (_ONE << bits) - _ONE, _HALF - bits, rows & _MASK, np.uint64(size)
    for i in range(count):
        low, high, k = place[i] & mask, place[i] >> bits, key[i]
        for _ in range(3):
            h = ((high ^ (k & _MASK)) * _C2) & _MASK
            low ^= (((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) >> down
            k = (k >> _LEFT) | (k << _RIGHT)
            h = ((low ^ (k & _MASK)) * _C2) & _MASK
            high += ((((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) * rows_32) >> _HALF
            high = min(high, high - rows)
            k = (k >> _LEFT) | (k << _RIGHT)
        place[i] = (high << bits) | low
    for i in range(count):
        if place[i] >= limit:
            place[i] = feistel(int(np.int64(place[i])), size, bits, rows, key[i])


@jit
def _feistel_inverse_batch(
    place: NDArray[np.uint64], key: NDArray[np.uint64], count: int, size: int, bits: np.uint64, rows: np.uint64
) -> None:
    """`ties.feistel_inverse` of a batch, in place."""
    mask, down, rows_32, limit = (_ONE << bits) - _ONE, _HALF - bits, rows & _MASK, np.uint64(size)
    for i in range(count):
        low, high, k = place[i] & mask, place[i] >> bits, (key[i] << _TURNED) | (key[i] >> _REST)
        for _ in range(3):
            h = ((low ^ (k & _MASK)) * _C2) & _MASK
            high += rows - (((((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) * rows_32) >> _HALF)
            high = min(high, high - rows)
            k = (k << _LEFT) | (k >> _RIGHT)
            h = ((high ^ (k & _MASK)) * _C2) & _MASK
            low ^= (((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) >> down
            k = (k << _LEFT) | (k >> _RIGHT)
        place[i] = (high << bits) | low
    for i in range(count):
        if place[i] >= limit:
            place[i] = feistel_inverse(int(np.int64(place[i])), size, bits, rows, key[i])
