"""A wave over the implicit network: a breadth-first search whose frontier is expanded block by block.

A circle of ten people is one word of 32 bits: bits 0 to 9 are the people reached so far, 10 to 19 the frontier (newly reached), 20 to
29 the next frontier. A thread works on blocks of 100,000 people, the groups of level 5. Most partners are in the same block. The others
are remote: they are written to a buffer, sorted by region and delivered afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import bernoulli_bits
from tenfold.kernels.streams import TRANSMISSION
from tenfold.kernels.world.ties import FULL, ImplicitNetwork, circle_pattern, hash64, partner, pattern_index
from tenfold.kernels.world.ties_batch import BATCH, TieBatch, ascend_batch, descend_batch

__all__ = [
    "BLOCK",
    "CERTAIN",
    "TRANSMISSION",
    "Transmission",
    "WaveBuffers",
    "WaveState",
    "advance_frontier",
    "count_groups",
    "deliver_remote",
    "expand_frontier",
    "sort_by_region",
]

BLOCK = 10_000  # circles
CERTAIN = 1 << 32  # the chance at which nothing is drawn
_DENSE = 1000  # frontier of a block from which on the patterns of all its circles are looked up beforehand
_SPARSE = 16  # frontier of a block below which each person is taken alone
_TEN, _FRONTIER, _NEXT, _BIT = np.uint32(0x3FF), np.uint32(10), np.uint32(20), np.uint32(1)
_CIRCLE, _DIGIT = np.uint32(4), np.uint32(15)  # an entry: the digit in the low four bits, the circle above
_FOUR, _FIFTEEN, _UP, _ONE = np.uint64(4), np.uint64(15), np.uint64(40), np.uint64(1)


class WaveState(NamedTuple):
    """The state of a wave.

    `circles` (circles,): a word a circle. `active`, `touched` (blocks,): 1 where a block has a frontier, and where somebody in it was
    hit.
    """

    circles: NDArray[np.uint32]
    active: NDArray[np.uint8]
    touched: NDArray[np.uint8]


class Transmission(NamedTuple):
    """The chance that a tie carries the wave, in 2⁻³², and the seed of its draws."""

    chance: int
    seed: int


class WaveBuffers(NamedTuple):
    """The buffers of one thread, for a block; B circles and F people, F = 10 B + 1.

    `frontier` (F,): circle · 16 + digit, counted from the first circle of the block. `carrying` (F,): a bit mask of the slots whose
    ties carry the wave. `pattern`, `word`, `hits` (B,): of each circle the row of its pattern, the first word of it, and who is hit.
    `batch`: buffers of the ties of a batch. `remote`, `sorted_remote`: partners in other blocks, circle · 16 + digit, as they come and
    by region.
    """

    frontier: NDArray[np.uint32]
    carrying: NDArray[np.uint32]
    pattern: NDArray[np.uint32]
    word: NDArray[np.uint64]
    hits: NDArray[np.uint32]
    batch: TieBatch
    remote: NDArray[np.int64]
    sorted_remote: NDArray[np.int64]


class Block(NamedTuple):
    """A block: the number of its first circle, and the words of its circles."""

    first: int
    circles: NDArray[np.uint32]


class CirclePatterns(NamedTuple):
    """The matching patterns of the full circles in one slot, (number, 2), and the hash key that chooses among them."""

    words: NDArray[np.uint64]
    number: np.uint64
    key: np.uint64


@jit
def expand_frontier(
    network: ImplicitNetwork, state: WaveState, low: int, high: int, transmission: Transmission, buffers: WaveBuffers, remote: int
) -> tuple[int, int]:
    """Try the ties of the frontier in blocks low..high − 1. Returns the block that comes next, and the number of remote entries.

    It stops early where the remote entries of one more block may not fit into the buffer.
    """
    slots, drawn = network.key.shape[0], transmission.chance < CERTAIN
    for number in range(low, high):
        if state.active[number] == 0:
            continue
        if remote + 10 * BLOCK * slots > buffers.remote.size:
            return number, remote
        first = number * BLOCK
        block = Block(first, state.circles[first : first + BLOCK])
        size = _collect_frontier(block.circles, buffers.frontier)
        if drawn:
            _draw_transmission(size, first, slots, transmission, buffers)
        state.touched[number] = 1
        if size < _SPARSE or block.circles.size < BLOCK or network.partial_group[1] == first + BLOCK - 1:
            remote = _expand_singly(network, block, size, drawn, buffers, remote)
        else:
            remote = _expand_batches(network, block, size, drawn, buffers, remote)
    return high, remote


@jit
def _collect_frontier(circles: NDArray[np.uint32], frontier: NDArray[np.uint32]) -> int:
    """The frontier of a block, as entries; returns its size."""
    count = 0
    for circle in range(circles.size):
        new = (circles[circle] >> _FRONTIER) & _TEN
        if new:
            for digit in range(10):
                frontier[count] = circle << 4 | digit
                count += int((new >> np.uint32(digit)) & _BIT)
    return count


@jit
def _draw_transmission(size: int, first: int, slots: int, transmission: Transmission, buffers: WaveBuffers) -> None:
    """Which of the ties of each person of the frontier carry the wave, as a bit mask of slots."""
    every, seed = np.uint64((1 << slots) - 1), transmission.seed
    for i in range(size):
        who = (first + int(buffers.frontier[i] >> _CIRCLE)) * 10 + int(buffers.frontier[i] & _DIGIT)
        bits = bernoulli_bits(np.uint64(transmission.chance), every, TRANSMISSION, 0, who, who >> 32, seed, seed >> 32)
        buffers.carrying[i] = np.uint32(bits)


@jit
def _expand_singly(network: ImplicitNetwork, block: Block, size: int, drawn: bool, buffers: WaveBuffers, remote: int) -> int:
    """Expand the frontier of a block person by person: where it is small, or the block is not full."""
    for i in range(size):
        person = (block.first + int(buffers.frontier[i] >> _CIRCLE)) * 10 + int(buffers.frontier[i] & _DIGIT)
        for slot in range(network.key.shape[0]):
            if drawn and (buffers.carrying[i] >> np.uint32(slot)) & _BIT == 0:
                continue
            other = partner(network, slot, person)[0]
            circle = other // 10
            if block.first <= circle < block.first + block.circles.size:
                block.circles[circle - block.first] |= _BIT << (_NEXT + np.uint32(other % 10))
            elif other >= 0:
                buffers.remote[remote] = circle << 4 | other % 10
                remote += 1
    return remote


@jit
def _expand_batches(network: ImplicitNetwork, block: Block, size: int, drawn: bool, buffers: WaveBuffers, remote: int) -> int:
    """Expand the frontier of a full block slot by slot, in batches that do not part a circle."""
    dense, first, frontier = size >= _DENSE, block.first, buffers.frontier
    if dense:
        buffers.hits[:] = 0
    for slot in range(network.key.shape[0]):
        base, count = network.pattern_start[slot, 1, FULL], network.pattern_count[slot, 1, FULL]
        patterns = CirclePatterns(network.circle_patterns[base : base + int(count)], count, network.key[slot, 1])
        if dense:
            _look_up_patterns(patterns, first, buffers)
        low = 0
        while low < size:
            high = min(low + BATCH, size)
            while high < size and frontier[high] >> _CIRCLE == frontier[high - 1] >> _CIRCLE:
                high -= 1
            if not dense:
                for i in range(low, high):
                    circle = frontier[i] >> _CIRCLE
                    buffers.word[circle] = patterns.words[pattern_index(hash64(patterns.key, first + int(circle)), count), 0]
            ascending = _match_in_circles(first, low, high, slot, drawn, buffers)
            ascend_batch(network, slot, first, ascending, buffers.batch)
            down, wide, remote = descend_batch(network, slot, first, buffers.batch, buffers.remote, remote)
            remote = _hit_remote(network, slot, block, wide, buffers, remote)
            _hit_local(patterns, block, wide, down, dense, buffers)
            low = high
        if dense:
            for i in range(BLOCK):
                block.circles[i] |= buffers.hits[i]
        else:
            for i in range(size):
                circle = frontier[i] >> _CIRCLE
                block.circles[circle] |= buffers.hits[circle]
    return remote


@jit
def _look_up_patterns(patterns: CirclePatterns, first: int, buffers: WaveBuffers) -> None:
    """The patterns of all circles of a block in a slot."""
    for i in range(BLOCK):
        buffers.pattern[i] = pattern_index(hash64(patterns.key, first + i), patterns.number)
    for i in range(BLOCK):
        buffers.word[i] = patterns.words[buffers.pattern[i], 0]


@jit
def _match_in_circles(first: int, low: int, high: int, slot: int, drawn: bool, buffers: WaveBuffers) -> int:
    """Level 1: those matched in their circle hit their partner; the others ascend. Returns how many ascend."""
    group, rank, hits, frontier, word = buffers.batch.group, buffers.batch.rank, buffers.hits, buffers.frontier, buffers.word
    ascending, before, hit, shift = 0, np.uint32(0xFFFFFFFF), np.uint32(0), np.uint32(slot)
    for i in range(low, high):
        entry = frontier[i]
        circle, digit = entry >> _CIRCLE, np.uint64(entry & _DIGIT)
        pattern = word[circle]
        target, up = (pattern >> (_FOUR * digit)) & _FIFTEEN, np.uint32((pattern >> (_UP + digit)) & _ONE)
        tries = (buffers.carrying[i] >> shift) & _BIT if drawn else _BIT
        hit = (hit if circle == before else np.uint32(0)) | ((up ^ _BIT) & tries) << (_NEXT + np.uint32(target))
        before = circle
        hits[circle] = hit
        group[ascending], rank[ascending] = np.uint64(first) + np.uint64(circle), target
        ascending += int(up & tries)
    return ascending


@jit
def _hit_remote(network: ImplicitNetwork, slot: int, block: Block, wide: int, buffers: WaveBuffers, remote: int) -> int:
    """The partners from above level 5, the first `wide` of the batch: most of them are remote. Returns the number of remote entries."""
    group, rank, first = buffers.batch.group, buffers.batch.rank, block.first
    for i in range(wide):
        circle = int(np.int64(group[i]))
        pattern = network.circle_patterns[circle_pattern(network, slot, circle), 1]
        digit = (pattern >> (_FOUR * rank[i])) & _FIFTEEN
        if first <= circle < first + BLOCK:
            block.circles[circle - first] |= _BIT << (_NEXT + np.uint32(digit))
        else:
            buffers.remote[remote] = circle << 4 | int(digit)
            remote += 1
    return remote


@jit
def _hit_local(patterns: CirclePatterns, block: Block, low: int, high: int, dense: bool, buffers: WaveBuffers) -> None:
    """The partners in the same block, rows low..high − 1 of the batch."""
    group, rank, pattern = buffers.batch.group, buffers.batch.rank, buffers.pattern
    first, circles, words = block.first, block.circles, patterns.words
    if not dense:
        for i in range(low, high):
            circle = int(np.int64(group[i]))
            pattern[circle - first] = pattern_index(hash64(patterns.key, circle), patterns.number)
    for i in range(low, high):
        circle = int(np.int64(group[i])) - first
        circles[circle] |= _BIT << (_NEXT + np.uint32((words[pattern[circle], 1] >> (_FOUR * rank[i])) & _FIFTEEN))


@jit
def sort_by_region(buffers: WaveBuffers, size: int, width: int, start: NDArray[np.int64]) -> None:
    """Counting sort of the first `size` remote entries by region of `width` circles, into `sorted_remote`.

    `start` (regions + 1) receives where each region begins.
    """
    remote, out = buffers.remote, buffers.sorted_remote
    start[:] = 0
    for i in range(size):
        start[(remote[i] >> 4) // width + 1] += 1
    for region in range(start.size - 1):
        start[region + 1] += start[region]
    for i in range(size):
        region = (remote[i] >> 4) // width
        out[start[region]] = remote[i]
        start[region] += 1
    for region in range(start.size - 1, 0, -1):
        start[region] = start[region - 1]
    start[0] = 0


@jit
def deliver_remote(remote: NDArray[np.int64], state: WaveState) -> None:
    """Hit the people of some remote entries."""
    for i in range(remote.size):
        circle = remote[i] >> 4
        state.circles[circle] |= _BIT << (_NEXT + np.uint32(remote[i] & 15))
        state.touched[circle // BLOCK] = 1


@jit
def advance_frontier(state: WaveState, low: int, high: int, key: np.uint64) -> tuple[int, np.uint64]:
    """Begin the next step in blocks low..high − 1: whoever was hit and is not reached yet is the new frontier.

    Returns its size, and a checksum of who is in it: the sum of a hash by `key`.
    """
    count, checksum = 0, np.uint64(0)
    for block in range(low, high):
        if state.active[block] == 0 and state.touched[block] == 0:
            continue
        circles, any_new = state.circles[block * BLOCK : (block + 1) * BLOCK], np.uint32(0)
        for i in range(circles.size):
            word = circles[i]
            reached = word & _TEN
            new = (word >> _NEXT) & ~reached & _TEN
            circles[i] = reached | new | new << _FRONTIER
            any_new |= new
        state.active[block], state.touched[block] = any_new != 0, 0
        if any_new:
            for i in range(circles.size):
                new = (circles[i] >> _FRONTIER) & _TEN
                checksum += hash64(key, (block * BLOCK + i) << 10 | int(new)) if new else np.uint64(0)
                for digit in range(10):
                    count += int((new >> np.uint32(digit)) & _BIT)
    return count, checksum


@jit
def count_groups(circles: NDArray[np.uint32], people: int, reached_in: NDArray[np.int64], full: NDArray[np.int64]) -> None:
    """How many groups of each level have somebody reached, and everybody reached, into two arrays (levels + 1); level 0 is people."""
    top = reached_in.size - 1
    any_in, all_in = np.zeros(top + 1, np.uint8), np.ones(top + 1, np.uint8)
    for circle in range(circles.size):
        reached, everybody = circles[circle] & _TEN, _TEN
        if circle == circles.size - 1 and people % 10:
            everybody = np.uint32((1 << (people % 10)) - 1)
        for digit in range(10):
            reached_in[0] += int((reached >> np.uint32(digit)) & _BIT)
        any_in[1], all_in[1] = reached != 0, reached == everybody
        number, level = circle, 1
        while True:  # a group ends where its number does, or at the last circle
            reached_in[level] += any_in[level]
            full[level] += all_in[level]
            if level == top:
                break
            any_in[level + 1] |= any_in[level]
            all_in[level + 1] &= all_in[level]
            any_in[level], all_in[level] = 0, 1
            if number % 10 < 9 and circle < circles.size - 1:
                break
            number //= 10
            level += 1
    full[0] = reached_in[0]
