"""The clocks of the continuous clock: when each thing that can happen to somebody would happen."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import philox, typed_zero
from tenfold.kernels.spread.event_queue import IDLE, put
from tenfold.kernels.spread.state import CONTACT, FIRST, IMITATION, KIND, LAST, LAYER, MIXING, SOURCE, SPONTANEOUS, VIA, WEIGHTED

__all__ = ["UNIT", "Agenda", "Clocks", "delay", "set_clocks", "words"]

UNIT = 36  # bits of a unit of time
_NEVER = 1 << 62
_MASK, _HALF, _TAIL = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11)


class Clocks(NamedTuple):
    """What the clock needs beside the world."""

    visit: NDArray[np.int32]  # (n) how often somebody has changed
    tries: NDArray[np.int64]  # (rules, people or groups) clocks that a threshold or a group has had; (0, 0): none asks
    pace: NDArray[np.float64]  # (arcs) or empty: all alike
    back: NDArray[np.int64]  # (graphs, n + 1) rows of those who can reach somebody
    back_other: NDArray[np.int32]
    back_pace: NDArray[np.float64]


class Agenda(NamedTuple):
    """The clocks that run; see `events`."""

    slots: NDArray[np.int64]
    heap: NDArray[np.int32]
    head: NDArray[np.int32]
    tally: NDArray[np.int64]


@jit
def words(
    rule: int, number: int, one: int, two: int, count: int, seed: int, replicate: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The block of a clock: of a rule, the number of an arc among parallel ones, two people, and how often they have changed."""
    c0, c1, c2, c3 = np.uint64(rule | number << 8) & _MASK, np.uint64(one), np.uint64(two), np.uint64(count) & _MASK
    return philox(c0, c1, c2, c3, np.uint64(seed) & _MASK, np.uint64(replicate) & _MASK)


@jit
def delay(high: np.uint64, low: np.uint64, rate: float) -> int:
    """An exponential time, from 53 bits."""
    share = (np.float64((high << _HALF | low) >> _TAIL) + 0.5) * 2.0**-53
    delay = -math.log(share) / rate * 2.0**UNIT if rate > 0 else 4e18
    return int(np.int64(delay)) if delay < 4e18 else _NEVER


@jit
def _set_arcs(
    rule: int, i: int, row: NDArray[np.int64], other: NDArray[np.int32], pace: NDArray[np.float64], layer: int, paced: bool, wanted: int,
    acts: bool, rate: float, now: int, until: int, state: NDArray[np.uint8], visit: NDArray[np.int32], slots: NDArray[np.int64],
    heap: NDArray[np.int32], head: NDArray[np.int32], tally: NDArray[np.int64], seed: int, replicate: int,
) -> None:  # fmt: skip
    """Clocks between i, who acts or is reached, and all in their row who are in the wanted state."""
    before, number, total = np.int32(-1), 0, typed_zero()
    for arc in range(row[layer, i], row[layer, i + 1]):  # the memory is asked for all at once
        total += int(np.int64(visit[other[arc]]))
    tally[IDLE] += total
    for arc in range(row[layer, i], row[layer, i + 1]):
        j = other[arc]
        number = number + 1 if j == before else 0
        before = j
        if state[j] == wanted:
            who, actor = (int(np.int64(j)), i) if acts else (i, int(np.int64(j)))
            stamp = int(np.int64(visit[who])) + int(np.int64(visit[actor]))
            one, two, _, _ = words(rule, number, who, actor, stamp, seed, replicate)
            time = now + delay(one, two, rate * pace[arc] if paced else rate)
            if time < until:
                put(slots, heap, head, tally, time, rule, who, actor, stamp)


@jit
def set_clocks(
    table: NDArray[np.int64], rate: NDArray[np.float64], state: NDArray[np.uint8], visit: NDArray[np.int32], row: NDArray[np.int64],
    other: NDArray[np.int32], pace: NDArray[np.float64], back: NDArray[np.int64], back_other: NDArray[np.int32],
    back_pace: NDArray[np.float64], slots: NDArray[np.int64], heap: NDArray[np.int32], head: NDArray[np.int32],
    tally: NDArray[np.int64], i: int, now: int, horizon: int, only: int, begin: int, seed: int, replicate: int,
) -> None:  # fmt: skip
    """All clocks of somebody who has just come into their state (or `begin`: is there as the run, or the rule `only`, begins)."""
    own, soon, unit = state[i], _NEVER, (now >> UNIT) + 1
    for rule in range(len(table)):
        kind = table[rule, KIND]
        if table[rule, SOURCE] != own or kind not in (SPONTANEOUS, MIXING, IMITATION):
            continue
        if table[rule, FIRST] <= unit <= table[rule, LAST] and (only < 0 or only == rule):
            stamp = int(np.int64(visit[i]))
            one, two, _, _ = words(rule, typed_zero(), i, typed_zero(), stamp, seed, replicate)
            time = now + delay(one, two, rate[rule])
            if time < min(horizon, table[rule, LAST] << UNIT):
                put(slots, heap, head, tally, time, rule, i, typed_zero(), stamp)
                soon = min(soon, time) if kind == SPONTANEOUS else soon
    for rule in range(len(table)):
        if table[rule, KIND] != CONTACT or not table[rule, FIRST] <= unit <= table[rule, LAST] or (only >= 0 and only != rule):
            continue
        until, layer, paced = min(horizon, soon, table[rule, LAST] << UNIT), table[rule, LAYER], table[rule, WEIGHTED] > 0
        if table[rule, VIA] == own:
            _set_arcs(
                rule, i, row, other, pace, layer, paced, table[rule, SOURCE], True, rate[rule], now, until, state, visit, slots,
                heap, head, tally, seed, replicate,
            )  # fmt: skip
        if table[rule, SOURCE] == own and not begin:
            _set_arcs(
                rule, i, back, back_other, back_pace, layer, paced, table[rule, VIA], False, rate[rule], now, until, state, visit,
                slots, heap, head, tally, seed, replicate,
            )  # fmt: skip
