"""Contacts whose arcs have chances of their own: Bernoulli trials of 32 arcs at once, by bit planes of draws and chances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.chances import CERTAIN, decoded_chance, digits_of
from tenfold.kernels.jit import jit
from tenfold.kernels.rng import FIRED, PART, WANTED, WHO, WORDS, bernoulli_bits, lowest_bit, philox, philox_batch, typed_zero
from tenfold.kernels.spread.state import Adjacency, DrawAddress
from tenfold.kernels.streams import RULES

__all__ = ["weight_planes", "weighted_bits_batch"]

_FULL = np.uint64(0xFFFFFFFF)
_ONE, _TWO, _THREE, _ALL = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(15)


@jit
def _first_row(start: NDArray[np.int64], layer: int, i: int) -> int:
    """The row in the planes of the first 32 arcs of a person: rows are left free, so that no table has to say where theirs begin."""
    return int((start[layer, i] >> 5) + layer * (start.shape[1] - 1) + i)


@jit
def weight_planes(start: NDArray[np.int64], weight: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The first four bits of the chances of each 32 arcs of a person, as bit masks, (rows, 4); `start` (layers, n + 1)."""
    layers, n = start.shape[0], start.shape[1] - 1
    planes = np.zeros(((weight.size >> 5) + layers * n + 1, 4), np.uint32)
    for layer in range(layers):
        for i in range(n):
            row = _first_row(start, layer, i)
            for arc in range(start[layer, i], start[layer, i + 1]):
                place = arc - start[layer, i]
                digit = digits_of(weight[arc], 0) if weight[arc] != CERTAIN else _ALL
                for bit in range(4):
                    mask = np.uint32(digit >> np.uint64(3 - bit) & _ONE) << np.uint32(place & 31)
                    planes[row + (place >> 5), bit] |= mask
    return planes


@jit
def weighted_bits_batch(adjacency: Adjacency, layer: int, at: DrawAddress, buffer: NDArray[np.uint32], count: int) -> None:
    """`bernoulli_bits_batch` where each arc has a chance of its own: four bits of draw and chance decide most of them, eight nearly all."""
    philox_batch(buffer, typed_zero() + WHO, count, RULES | at.rule, at.step, at.seed, at.replicate)
    for k in range(count):
        who, part = int(np.int64(buffer[WHO, k])), int(np.int64(buffer[PART, k]))
        row, unclear, fired = _first_row(adjacency.start, layer, who) + part, buffer[WANTED, k], np.uint32(0)
        for bit in range(4):
            word, chance = buffer[WORDS + bit, k], adjacency.planes[row, bit]
            fired |= unclear & ~word & chance
            unclear &= ~(word ^ chance)
        if unclear:
            first, rest = adjacency.start[layer, who] + 32 * part, np.uint64(unclear)
            key = np.uint64(at.seed) & _FULL, np.uint64(at.replicate) & _FULL
            five, six, seven, eight = philox(
                np.uint64(RULES | at.rule | 1 << 16), np.uint64(at.step), np.uint64(who), np.uint64(part), key[0], key[1]
            )
            while rest:
                lane = np.uint64(lowest_bit(rest))
                own = adjacency.weight[first + lane]
                nibble = (
                    (five >> lane & _ONE) << _THREE
                    | (six >> lane & _ONE) << _TWO
                    | (seven >> lane & _ONE) << _ONE
                    | eight >> lane & _ONE
                )
                second = digits_of(own, 1)
                bit_of_lane = rest & (~rest + _ONE)
                if nibble < second or own == CERTAIN:
                    fired |= np.uint32(bit_of_lane)
                elif nibble == second:
                    fired |= np.uint32(
                        bernoulli_bits(
                            decoded_chance(own), bit_of_lane, RULES | at.rule, at.step, who, part, at.seed, at.replicate
                        )
                    )
                rest &= rest - _ONE
        buffer[FIRED, k] = fired
