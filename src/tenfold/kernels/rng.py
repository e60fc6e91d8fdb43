"""Random numbers without state: Philox4x32-10, a function of what is drawn and for whom.

Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405. Seed and replicate are the key; stream, step, who and whom are the counter.
So a draw does not depend on the order in which draws are made, and scenarios that ask the same question share their luck.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = [
    "BATCH",
    "FIRED",
    "PART",
    "WANTED",
    "WHO",
    "WORDS",
    "batch",
    "below",
    "blocks",
    "draw",
    "lanes",
    "lanes_many",
    "lowest",
    "philox",
    "zero",
]

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_W0_32, _W1_32 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_BLOCK = np.uint64(1 << 16)  # above the number of the stream: the block of a long draw
_LAST = np.uint64(1)
BATCH = 1024  # columns of a batch of draws
WHO, PART, WANTED, FIRED, WORDS, _REST, ROWS = 0, 1, 2, 3, 4, 8, 13  # its rows
_DE_BRUIJN = np.uint64(0x077CB531)
_LANE_OF = np.zeros(32, np.int64)
_LANE_OF[[((1 << lane) * 0x077CB531 & 0xFFFFFFFF) >> 27 for lane in range(32)]] = np.arange(32)


@jit
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Ten rounds of Philox4x32; every argument and result is a 32-bit word in a uint64."""
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _MASK, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@jit
def draw(seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> np.uint64:
    """32 random bits for the question (stream, step, who, whom) in one replicate of one seed."""
    k0, k1 = np.uint64(seed) & _MASK, np.uint64(replicate) & _MASK
    c0, c1 = np.uint64(stream) & _MASK, np.uint64(step) & _MASK
    return philox(c0, c1, np.uint64(who) & _MASK, np.uint64(whom) & _MASK, k0, k1)[0]


@jit
def below(bound: int, seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> int:
    """A whole number from 0 to `bound` − 1 (`bound` at most 2³²)."""
    return int(np.int64((draw(seed, replicate, stream, step, who, whom) * np.uint64(bound)) >> _SHIFT))


@jit
def zero() -> int:
    """0, but no literal: for a literal whatever is called with it is compiled once more."""
    return 0


@jit
def lanes(
    chance: np.uint64, wanted: np.uint64, stream: int, step: int, who: int, part: int, seed: int, replicate: int
) -> np.uint64:
    """Which of the wanted of 32 lanes fire, each with the same chance (in 2⁻³²) and a draw of its own.

    Lane l's draw is a 32-bit word, written across: bit l of each of 32 planes, the highest first, four to a block of Philox. All are
    compared with the chance at once, bit by bit, and most are decided by the first block; so the cost is that of the few that fire.
    """
    if chance > _MASK:
        return wanted
    less, equal = np.uint64(0), wanted
    c0, left = np.uint64(stream) & _MASK, chance
    c1, c2, c3 = np.uint64(step) & _MASK, np.uint64(who) & _MASK, np.uint64(part) & _MASK
    k0, k1 = np.uint64(seed) & _MASK, np.uint64(replicate) & _MASK
    while equal and left:  # nothing is below what has no bits left
        for plane in philox(c0, c1, c2, c3, k0, k1):
            left <<= np.uint64(1)
            if left > _MASK:
                less |= equal & ~plane
                equal &= plane
            else:
                equal &= ~plane
            left &= _MASK
        c0 += _BLOCK
    return less


@jit
def lowest(mask: np.uint64) -> int:
    """The number of the lowest lane in a mask that is not empty (de Bruijn's sequence)."""
    return int(_LANE_OF[(((mask & (~mask + np.uint64(1))) * _DE_BRUIJN) & _MASK) >> np.uint64(27)])


@jit
def batch() -> NDArray[np.uint32]:
    """Room for the draws of one thread, (ROWS, BATCH): in rows WHO, PART and WANTED who asks, which 32 of theirs, and the lanes wanted."""
    return np.empty((ROWS, BATCH), np.uint32)


@jit
def blocks(room: NDArray[np.uint32], who: int, count: int, stream: int, step: int, seed: int, replicate: int) -> None:
    """A block of Philox into rows WORDS.. for each of `count` columns, of the who and the part in rows `who` and `who` + 1; written so
    that the compiler makes many at once."""
    whose, parts = room[who], room[who + 1]
    one, two, three, four = room[WORDS], room[WORDS + 1], room[WORDS + 2], room[WORDS + 3]
    for k in range(count):
        c0, c1, c2, c3 = np.uint32(stream), np.uint32(step), whose[k], parts[k]
        k0, k1 = np.uint32(seed), np.uint32(replicate)
        for _ in range(10):
            p0, p1 = _M0 * np.uint64(c0), _M1 * np.uint64(c2)
            c0, c1, c2, c3 = np.uint32(p1 >> _SHIFT) ^ c1 ^ k0, np.uint32(p1), np.uint32(p0 >> _SHIFT) ^ c3 ^ k1, np.uint32(p0)
            k0, k1 = np.uint32(k0 + _W0_32), np.uint32(k1 + _W1_32)
        one[k], two[k], three[k], four[k] = c0, c1, c2, c3


@jit
def _compare(room: NDArray[np.uint32], nibble: np.uint64, wanted: int, count: int) -> None:
    """Four planes of each column against four bits of the chance: which of the lanes in row `wanted` are undecided still, and, in the row
    after it, which of them fire."""
    one, two, three, four = room[WORDS], room[WORDS + 1], room[WORDS + 2], room[WORDS + 3]
    equal, fired = room[wanted], room[wanted + 1]
    a, b = np.uint32(-((nibble >> np.uint64(3)) & _LAST)), np.uint32(-((nibble >> np.uint64(2)) & _LAST))
    c, d = np.uint32(-((nibble >> _LAST) & _LAST)), np.uint32(-(nibble & _LAST))
    for k in range(count):
        left = equal[k]
        hit = left & ~one[k] & a
        left &= ~(one[k] ^ a)
        hit |= left & ~two[k] & b
        left &= ~(two[k] ^ b)
        hit |= left & ~three[k] & c
        left &= ~(three[k] ^ c)
        hit |= left & ~four[k] & d
        fired[k], equal[k] = hit, left & ~(four[k] ^ d)


@jit
def lanes_many(
    chance: np.uint64, room: NDArray[np.uint32], count: int, stream: int, step: int, seed: int, replicate: int
) -> None:
    """`lanes` of the first `count` columns, into row FIRED; row WANTED is used up."""
    fired, wanted = room[FIRED], room[WANTED]
    if chance > _MASK or chance == 0:
        for k in range(count):
            fired[k] = wanted[k] if chance else 0
        return
    left, kept, number, rest = (
        chance,
        zero(),
        zero(),
        zero() + _REST,
    )  # typed: a literal would be compiled for once more
    blocks(room, zero() + WHO, count, stream, step, seed, replicate)
    _compare(room, left >> np.uint64(28), zero() + WANTED, count)
    left = (left << np.uint64(4)) & _MASK
    if left == 0:
        return
    who, part, equal, now, column = room[_REST], room[_REST + 1], room[_REST + 2], room[_REST + 3], room[_REST + 4]
    for k in range(count):
        who[kept], part[kept], equal[kept], column[kept] = room[WHO, k], room[PART, k], wanted[k], k
        kept += wanted[k] != 0
    while kept and left:
        number += 1
        count, kept = kept, zero()
        blocks(room, rest, count, stream | number << 16, step, seed, replicate)
        _compare(room, left >> np.uint64(28), rest + 2, count)
        for k in range(count):
            fired[column[k]] |= now[k]
            who[kept], part[kept], equal[kept], column[kept] = who[k], part[k], equal[k], column[k]
            kept += equal[kept] != 0
        left = (left << np.uint64(4)) & _MASK
