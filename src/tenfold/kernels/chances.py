"""Chances as draws are compared with them: some hexadecimal zeros, and the digits after them.

A chance of w · 2⁻³² · 16⁻ᶻ is kept as w | z << ZEROS, with z from 0 to 15 and seven digits in w after the first that is not zero. So it
is exact to a relative 2⁻²⁵ from 1 down to 16⁻¹⁶, about 5·10⁻²⁰. The digits are compared with as many of the draw: the more zeros a chance
begins with, the longer are the draws of those few for whom all digits so far were equal.

Arcs and people have the same in 32 bits: z << 28 | the seven digits, or CERTAIN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["CERTAIN", "DIGITS", "ONE", "ZEROS", "chance_codes", "decoded_chance", "digits_of", "mean_chance"]

ZEROS = np.uint64(34)
ONE = np.uint64(1 << 32)  # a chance of one
DIGITS = np.uint64(0xFFFFFFFF)
CERTAIN = np.uint32(0xFFFFFFFF)  # a chance of one, in 32 bits
_DIGITS, _MOST_ZEROS, _FOUR = 28, 15, np.uint64(4)


@jit
def _code(chance: float) -> np.uint32:
    """A chance from 0 to 1 in 32 bits, rounded to seven digits."""
    zeros, left = 0, chance
    while zeros < _MOST_ZEROS and left < 0.0625:
        left *= 16.0
        zeros += 1
    digits = math.floor(left * 2.0**_DIGITS + 0.5)
    if digits >= 1 << _DIGITS:  # rounded up to the next digit
        if zeros == 0:
            return CERTAIN
        zeros, digits = zeros - 1, digits >> 4
    code = np.uint32(zeros << _DIGITS | digits)
    return code - np.uint32(1) if code == CERTAIN else code


@jit
def chance_codes(chances: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Chances from 0 on in 32 bits each, in the shape (k); above 1 they count as 1."""
    codes = np.empty(chances.size, np.uint32)
    for k in range(chances.size):
        codes[k] = _code(chances[k])
    return codes


@jit
def decoded_chance(code: np.uint32) -> np.uint64:
    """A chance of 32 bits, as draws are compared with it."""
    if code == CERTAIN:
        return ONE
    zeros, digits = np.uint64(code >> np.uint32(_DIGITS)), np.uint64(code & np.uint32((1 << _DIGITS) - 1))
    return digits << _FOUR | zeros << ZEROS


@jit
def digits_of(code: np.uint32, place: int) -> np.uint64:
    """The first (place 0) or the second (1) hexadecimal digit of a chance of 32 bits, after the point."""
    behind = place - int(np.int64(code >> np.uint32(_DIGITS)))
    return np.uint64(0) if behind < 0 else np.uint64(code >> np.uint32(24 - 4 * behind)) & np.uint64(15)


@jit
def mean_chance(chance: np.uint64, share: float) -> np.uint64:
    """A chance times a share from 0 to 1, for instance of those who are in a state."""
    zeros, digits = int(np.int64(chance >> ZEROS)), int(np.int64(chance & (ONE | DIGITS)))
    return decoded_chance(_code(math.ldexp(float(digits), -32 - 4 * zeros) * share))
