"""Rules of the continuous clock whose hazard changes with others: thresholds, groups, mixing and imitation, by thinning.

A clock runs at the highest rate that there can be; when it runs out a draw, or a look at the counters, decides whether the event is real,
and otherwise the clock is started again. Lewis, Shedler 1979, doi:10.1002/nav.3800260304.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero
from tenfold.kernels.spread.event_queue import Event, EventQueue, insert
from tenfold.kernels.spread.reaction_clocks import UNIT, Clocks, Moment, clock_words, exponential_delay
from tenfold.kernels.spread.state import (
    COUNT,
    GROUP,
    IMITATION,
    KIND,
    LAYER,
    LIST,
    MIXING,
    ROW,
    SINCE,
    SOURCE,
    THRESHOLD,
    UNTIL,
    VIA,
    Extensions,
    Hyperedges,
    People,
    Rules,
    Thresholds,
)

__all__ = ["start_counted_clocks", "try_counted", "try_sampled"]

_HALF = np.uint64(32)


@jit
def start_counted_clocks(
    rules: Rules,
    people: People,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    clocks: Clocks,
    queue: EventQueue,
    moment: Moment,
) -> None:
    """Clocks of those whose threshold is met since, and of groups that have enough members active since; those that run already run on."""
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        if own[KIND] != THRESHOLD and own[KIND] != GROUP:
            continue
        for k in range(people.list_length[own[LIST]]):
            who, size = typed_zero(), typed_zero() + 1
            if thresholds is not None:
                if own[KIND] == THRESHOLD:
                    who = int(np.int64(thresholds.met[own[ROW], k]))
            if hyperedges is not None:
                if own[KIND] == GROUP:
                    who = int(np.int64(hyperedges.met[own[ROW], k]))
                    size = hyperedges.start[0, who + 1] - hyperedges.start[0, who]
            _start_try(rules, clocks.tries, queue, rule, who, size, moment)
        people.list_length[own[LIST]] = 0


@jit
def _start_try(rules: Rules, tries: NDArray[np.int64], queue: EventQueue, rule: int, who: int, size: int, moment: Moment) -> None:
    """The next clock of a threshold, or of a group, whose members all have the rate; before its time a rule only waits to begin."""
    own = rules.table[rule]
    tries[rule, who] += 1
    one, two, _, _ = clock_words(rule, typed_zero(), who, typed_zero() + 1, tries[rule, who], moment.seed, moment.replicate)
    begin = max(moment.now, (own[SINCE] - 1) << UNIT)
    time = begin + exponential_delay(one, two, rules.rate[rule] * size)
    if time < min(moment.horizon, own[UNTIL] << UNIT):
        insert(queue, Event(time, rule, who, tries[rule, who], typed_zero()))


@jit
def try_counted(
    rules: Rules,
    people: People,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    clocks: Clocks,
    queue: EventQueue,
    event: Event,
    moment: Moment,
) -> int:
    """Who changes by an event of a threshold or a group, −1: nobody. A group that still has enough members active tries again."""
    rule, who = event.rule, event.who
    own, state = rules.table[rule], people.states.state
    if thresholds is not None:
        if own[KIND] == THRESHOLD:
            thresholds.is_listed[own[ROW], who] = 0
            return who if thresholds.missing[own[ROW], who] <= 0 and state[who] == own[SOURCE] else -1
    if hyperedges is not None:
        if own[KIND] == GROUP:
            if hyperedges.occupancy[own[ROW], who] < own[COUNT]:
                hyperedges.is_listed[own[ROW], who] = 0
                return -1
            first = hyperedges.start[0, who]
            size = hyperedges.start[0, who + 1] - first
            word = clock_words(rule, typed_zero(), who, typed_zero() + 1, event.actor, moment.seed, moment.replicate)[2]
            j = int(np.int64(hyperedges.member[first + np.int64((word * np.uint64(size)) >> _HALF)]))
            _start_try(rules, clocks.tries, queue, rule, who, size, moment)
            return j if state[j] == own[SOURCE] else -1
    return -1


@jit
def try_sampled(
    rules: Rules,
    people: People,
    extensions: Extensions | None,
    changes: NDArray[np.int32],
    queue: EventQueue,
    event: Event,
    moment: Moment,
) -> int:
    """Who changes by an event of mixing or imitation, −1: nobody; then the clock is started again, unless it is void.

    Mixing samples one of all people, imitation some of those who can reach the person; they have to be in `via`.
    """
    rule, who, tried, stamp = event.rule, event.who, event.actor, event.stamp
    own, state = rules.table[rule], people.states.state
    if changes[who] != stamp:
        return -1
    _, _, word, _ = clock_words(rule, typed_zero(), who, tried, stamp, moment.seed, moment.replicate)
    if own[KIND] == MIXING and np.int64((word * np.uint64(state.size)) >> _HALF) < people.counts[own[VIA]]:
        return who
    if extensions is not None:
        if own[KIND] == IMITATION:
            start, neighbour = extensions.in_arcs.start[own[LAYER]], extensions.in_arcs.neighbour
            degree = start[who + 1] - start[who]
            same = degree > 0
            for sample in range(own[COUNT]):
                if sample > 0:
                    word = clock_words(rule, sample, who, tried, stamp, moment.seed, moment.replicate)[3]
                same = same and state[neighbour[start[who] + np.int64((word * np.uint64(degree)) >> _HALF)]] == own[VIA]
            if same:
                return who
    one, two, _, _ = clock_words(rule, typed_zero(), who, tried + 1, stamp, moment.seed, moment.replicate)
    time = moment.now + exponential_delay(one, two, rules.rate[rule])
    if time < min(moment.horizon, own[UNTIL] << UNIT):
        insert(queue, Event(time, rule, who, tried + 1, stamp))
    return -1
