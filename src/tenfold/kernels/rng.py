"""Random numbers without state: Philox4x32-10, a function of what is drawn and for whom.

Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405. Seed and replicate are the key; stream, step, who and whom are the counter.
So a draw does not depend on the order in which draws are made, and scenarios that ask the same question share their luck.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.chances import DIGITS, ONE, ZEROS
from tenfold.kernels.jit import jit

__all__ = [
    "BATCH",
    "FIRED",
    "PART",
    "WANTED",
    "WHO",
    "WORDS",
    "bernoulli_bits",
    "bernoulli_bits_batch",
    "draw",
    "draw_buffer",
    "lowest_bit",
    "philox",
    "philox_batch",
    "typed_zero",
    "uniform_integer",
]

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_W0_32, _W1_32 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_BLOCK = np.uint64(1 << 16)  # above the number of the stream: the block of a long draw
_LAST, _FOUR = np.uint64(1), np.uint64(4)
_DIGIT, _CARRY = np.uint64(28), np.uint64(16)  # where the first hexadecimal digit of 32 bits lies, and what is beyond it
BATCH = 1024  # columns of a batch of draws
WHO, PART, WANTED, FIRED, WORDS, _REST, ROWS = 0, 1, 2, 3, 4, 8, 13  # its rows
_DE_BRUIJN = np.uint64(0x077CB531)
_BIT_OF = np.zeros(32, np.int64)
_BIT_OF[[((1 << trial) * 0x077CB531 & 0xFFFFFFFF) >> 27 for trial in range(32)]] = np.arange(32)


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
def uniform_integer(bound: int, seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> int:
    """A whole number from 0 to `bound` − 1 (`bound` at most 2³²)."""
    return int(np.int64((draw(seed, replicate, stream, step, who, whom) * np.uint64(bound)) >> _SHIFT))


@jit
def typed_zero() -> int:
    """0, but no literal: for a literal whatever is called with it is compiled once more."""
    return 0


@jit
def bernoulli_bits(
    chance: np.uint64, wanted: np.uint64, stream: int, step: int, who: int, part: int, seed: int, replicate: int
) -> np.uint64:
    """32 Bernoulli trials at once, as a bit mask: which of the `wanted` succeed.

    Each has the same chance (see `chances`) and a draw of its own, as long as it takes. The draw of trial l is stored across planes: bit l
    of each, the highest first, four to a block of Philox. All are compared with the chance at once, bit by bit. Most are decided by the
    first block, so the cost is that of the few that succeed.
    """
    if chance == ONE:
        return wanted
    less, equal = np.uint64(0), wanted
    c0, zeros, left = np.uint64(stream) & _MASK, chance >> ZEROS, chance & DIGITS
    c1, c2, c3 = np.uint64(step) & _MASK, np.uint64(who) & _MASK, np.uint64(part) & _MASK
    k0, k1 = np.uint64(seed) & _MASK, np.uint64(replicate) & _MASK
    while equal and left:  # nothing is below what has no digits left
        digit = np.uint64(0) if zeros else left >> _DIGIT
        for plane in philox(c0, c1, c2, c3, k0, k1):
            digit <<= _LAST
            if digit & _CARRY:
                less |= equal & ~plane
                equal &= plane
            else:
                equal &= ~plane
        if zeros:
            zeros -= _LAST
        else:
            left = (left << _FOUR) & _MASK
        c0 += _BLOCK
    return less


@jit
def lowest_bit(mask: np.uint64) -> int:
    """The position of the lowest bit set in a mask that is not empty (de Bruijn's sequence)."""
    return int(_BIT_OF[(((mask & (~mask + np.uint64(1))) * _DE_BRUIJN) & _MASK) >> np.uint64(27)])


@jit
def draw_buffer() -> NDArray[np.uint32]:
    """A buffer for the draws of one thread, (ROWS, BATCH).

    Rows WHO, PART and WANTED hold who asks, which 32 of their trials, and a mask of the trials that are wanted.
    """
    return np.empty((ROWS, BATCH), np.uint32)


@jit
def philox_batch(buffer: NDArray[np.uint32], who: int, count: int, stream: int, step: int, seed: int, replicate: int) -> None:
    """A block of Philox for each of `count` columns, into rows WORDS to WORDS + 3.

    The counter words are in rows `who` and `who` + 1. The loop has no branches, so that the compiler vectorises it.
    """
    whose, parts = buffer[who], buffer[who + 1]
    one, two, three, four = buffer[WORDS], buffer[WORDS + 1], buffer[WORDS + 2], buffer[WORDS + 3]
    for k in range(count):
        c0, c1, c2, c3 = np.uint32(stream), np.uint32(step), whose[k], parts[k]
        k0, k1 = np.uint32(seed), np.uint32(replicate)
        for _ in range(10):
            p0, p1 = _M0 * np.uint64(c0), _M1 * np.uint64(c2)
            c0, c1, c2, c3 = np.uint32(p1 >> _SHIFT) ^ c1 ^ k0, np.uint32(p1), np.uint32(p0 >> _SHIFT) ^ c3 ^ k1, np.uint32(p0)
            k0, k1 = np.uint32(k0 + _W0_32), np.uint32(k1 + _W1_32)
        one[k], two[k], three[k], four[k] = c0, c1, c2, c3


@jit
def _compare(buffer: NDArray[np.uint32], nibble: np.uint64, wanted: int, count: int) -> None:
    """Compare four planes of each column with four bits of the chance.

    Row `wanted` keeps the trials that are still undecided; the row after it receives those that succeed.
    """
    one, two, three, four = buffer[WORDS], buffer[WORDS + 1], buffer[WORDS + 2], buffer[WORDS + 3]
    equal, fired = buffer[wanted], buffer[wanted + 1]
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
def bernoulli_bits_batch(
    chance: np.uint64, buffer: NDArray[np.uint32], count: int, stream: int, step: int, seed: int, replicate: int
) -> None:
    """`bernoulli_bits` of the first `count` columns, into row FIRED; row WANTED is used up."""
    fired, wanted = buffer[FIRED], buffer[WANTED]
    zeros, left = chance >> ZEROS, chance & DIGITS
    if chance == ONE or left == 0:
        for k in range(count):
            fired[k] = wanted[k] if chance == ONE else 0
        return
    kept, number = typed_zero(), typed_zero()  # typed: a literal would be compiled for once more
    rest = typed_zero() + _REST
    philox_batch(buffer, typed_zero() + WHO, count, stream, step, seed, replicate)
    _compare(buffer, np.uint64(0) if zeros else left >> _DIGIT, typed_zero() + WANTED, count)
    if zeros:
        zeros -= _LAST
    else:
        left = (left << _FOUR) & _MASK
    if left == 0:
        return
    who, part, equal, now, column = buffer[_REST], buffer[_REST + 1], buffer[_REST + 2], buffer[_REST + 3], buffer[_REST + 4]
    for k in range(count):
        who[kept], part[kept], equal[kept], column[kept] = buffer[WHO, k], buffer[PART, k], wanted[k], k
        kept += wanted[k] != 0
    while kept and left:
        number += 1
        count, kept = kept, typed_zero()
        philox_batch(buffer, rest, count, stream | number << 16, step, seed, replicate)
        _compare(buffer, np.uint64(0) if zeros else left >> _DIGIT, rest + 2, count)
        for k in range(count):
            fired[column[k]] |= now[k]
            who[kept], part[kept], equal[kept], column[kept] = who[k], part[k], equal[k], column[k]
            kept += equal[kept] != 0
        if zeros:
            zeros -= _LAST
        else:
            left = (left << _FOUR) & _MASK
