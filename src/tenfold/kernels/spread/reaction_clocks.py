"""The clocks of the next-reaction method: when each thing that can happen to a person would happen, by constant hazards."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import philox, typed_zero
from tenfold.kernels.spread.event_queue import PREFETCHED, Event, EventQueue, insert
from tenfold.kernels.spread.state import (
    CONTACT,
    IMITATION,
    KIND,
    LAYER,
    MIXING,
    SINCE,
    SOURCE,
    SPONTANEOUS,
    UNTIL,
    VIA,
    WEIGHTED,
    Rules,
)
from tenfold.kernels.streams import RULES

__all__ = [
    "ALL_RULES",
    "CHANGED",
    "UNIT",
    "Clocks",
    "Moment",
    "RatedArcs",
    "clock_words",
    "exponential_delay",
    "start_clocks",
]

UNIT = 36  # bits of a unit of time
ALL_RULES, CHANGED = -1, -2  # why the clocks of a person are started; otherwise the number of a rule
_NEVER = 1 << 62
_MASK, _HALF, _TAIL = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11)


class Versions(NamedTuple):
    """The state of each person, and how often they have changed: a clock is void once somebody concerned has changed again."""

    state: NDArray[np.uint8]  # (n)
    changes: NDArray[np.int32]  # (n)


class RatedArcs(NamedTuple):
    """Arcs in compressed sparse rows, several layers behind one another, with their rates."""

    start: NDArray[np.int64]  # (layers, n + 1)
    neighbour: NDArray[np.int32]  # (arcs)
    rate: NDArray[np.float64]  # (arcs), or empty: no rule asks


class Clocks(NamedTuple):
    """What the continuous clock keeps of one replicate, beside its people and the queue of events."""

    versions: Versions
    out_arcs: RatedArcs  # from who acts to who is reached
    in_arcs: RatedArcs  # from who is reached to who acts
    tries: NDArray[np.int64]  # (rules, people or groups) clocks that a threshold or a group has had; (0, 0): no rule asks
    changed: NDArray[np.int32]  # (n) scratch: index list of people who change at once


class Moment(NamedTuple):
    """A moment of one replicate. Times are whole numbers of 2⁻³⁶."""

    now: int
    horizon: int  # the end of the run
    seed: int
    replicate: int


class _Contact(NamedTuple):
    """A contact rule between a person and their neighbours."""

    rule: int
    layer: int
    rate: float  # without weights; with weights the arc's own
    weighted: bool
    wanted: int  # the state in which a neighbour has to be
    acts: bool  # the person acts, and the neighbours are reached; otherwise the other way round


@jit
def clock_words(
    rule: int, number: int, one: int, two: int, count: int, seed: int, replicate: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The random words of a clock: of a rule, the number of an arc among parallel ones, two people, and how often they have changed."""
    c0, c1, c2, c3 = np.uint64(RULES | rule | number << 8) & _MASK, np.uint64(one), np.uint64(two), np.uint64(count) & _MASK
    return philox(c0, c1, c2, c3, np.uint64(seed) & _MASK, np.uint64(replicate) & _MASK)


@jit
def exponential_delay(high: np.uint64, low: np.uint64, rate: float) -> int:
    """An exponential time, −ln(u)/rate, from 53 bits."""
    share = (np.float64((high << _HALF | low) >> _TAIL) + 0.5) * 2.0**-53
    delay = -math.log(share) / rate * 2.0**UNIT if rate > 0 else 4e18
    return int(np.int64(delay)) if delay < 4e18 else _NEVER


@jit
def _start_contact_clocks(
    contact: _Contact, i: int, arcs: RatedArcs, versions: Versions, queue: EventQueue, moment: Moment, until: int
) -> None:
    """Clocks of a contact rule between person i and all in their row who are in the wanted state, if they run out before `until`."""
    before, number, total = np.int32(-1), 0, typed_zero()
    low, high = arcs.start[contact.layer, i], arcs.start[contact.layer, i + 1]
    for arc in range(low, high):  # the memory is asked for all at once
        total += int(np.int64(versions.changes[arcs.neighbour[arc]]))
    queue.counters[PREFETCHED] += total
    for arc in range(low, high):
        j = arcs.neighbour[arc]
        number = number + 1 if j == before else 0
        before = j
        if versions.state[j] == contact.wanted:
            who, actor = (int(np.int64(j)), i) if contact.acts else (i, int(np.int64(j)))
            stamp = int(np.int64(versions.changes[who])) + int(np.int64(versions.changes[actor]))
            one, two, _, _ = clock_words(contact.rule, number, who, actor, stamp, moment.seed, moment.replicate)
            rate = contact.rate * arcs.rate[arc] if contact.weighted else contact.rate
            time = moment.now + exponential_delay(one, two, rate)
            if time < until:
                insert(queue, Event(time, contact.rule, who, actor, stamp))


@jit
def start_clocks(
    rules: Rules,
    versions: Versions,
    out_arcs: RatedArcs,
    in_arcs: RatedArcs,
    queue: EventQueue,
    i: int,
    moment: Moment,
    reason: int,
) -> None:
    """Start the clocks of a person.

    `reason`: CHANGED, they have just come into their state; ALL_RULES, the run begins; or the number of a rule that begins. As a run or a
    rule begins everybody's clocks are started, so those of a contact are left to who acts.
    """
    now, horizon = moment.now, moment.horizon
    own, soon, unit = versions.state[i], _NEVER, (now >> UNIT) + 1
    for rule in range(len(rules.table)):
        kind = rules.table[rule, KIND]
        if rules.table[rule, SOURCE] != own or kind not in (SPONTANEOUS, MIXING, IMITATION):
            continue
        if rules.table[rule, SINCE] <= unit <= rules.table[rule, UNTIL] and (reason < 0 or reason == rule):
            stamp = int(np.int64(versions.changes[i]))
            one, two, _, _ = clock_words(rule, typed_zero(), i, typed_zero(), stamp, moment.seed, moment.replicate)
            time = now + exponential_delay(one, two, rules.rate[rule])
            if time < min(horizon, rules.table[rule, UNTIL] << UNIT):
                insert(queue, Event(time, rule, i, typed_zero(), stamp))
                soon = min(soon, time) if kind == SPONTANEOUS else soon
    for rule in range(len(rules.table)):
        if (
            rules.table[rule, KIND] != CONTACT
            or not rules.table[rule, SINCE] <= unit <= rules.table[rule, UNTIL]
            or (reason >= 0 and reason != rule)
        ):
            continue
        until, layer, weighted = (
            min(horizon, soon, rules.table[rule, UNTIL] << UNIT),
            rules.table[rule, LAYER],
            rules.table[rule, WEIGHTED] > 0,
        )
        if rules.table[rule, VIA] == own:
            contact = _Contact(rule, layer, rules.rate[rule], weighted, rules.table[rule, SOURCE], True)
            _start_contact_clocks(contact, i, out_arcs, versions, queue, moment, until)
        if rules.table[rule, SOURCE] == own and reason == CHANGED:
            contact = _Contact(rule, layer, rules.rate[rule], weighted, rules.table[rule, VIA], False)
            _start_contact_clocks(contact, i, in_arcs, versions, queue, moment, until)
