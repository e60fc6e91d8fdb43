"""The continuous clock's rules that are tried again: thresholds, groups, mixing and imitation."""

from __future__ import annotations

import numpy as np

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero
from tenfold.kernels.spread.clocks import UNIT, Agenda, Clocks, delay, words
from tenfold.kernels.spread.event_queue import put
from tenfold.kernels.spread.state import (
    COUNT,
    FIRST,
    GROUP,
    IMITATION,
    KIND,
    LAST,
    LAYER,
    MIXING,
    ROW,
    SLOT,
    SOURCE,
    THRESHOLD,
    VIA,
    Crowds,
    Needs,
    Others,
    People,
    Rules,
)  # fmt: skip

__all__ = ["set_counted", "whom"]

_HALF = np.uint64(32)


@jit
def set_counted(
    rules: Rules, people: People, needs: Needs | None, crowds: Crowds | None, clocks: Clocks, plan: Agenda, now: int, horizon: int,
    seed: int, replicate: int,
) -> None:  # fmt: skip
    """Clocks of those for whom it is enough since, and of groups that are ready since; one that runs already runs on."""
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        if own[KIND] != THRESHOLD and own[KIND] != GROUP:
            continue
        for k in range(people.size[own[SLOT]]):
            who, size = typed_zero(), 1
            if needs is not None:
                if own[KIND] == THRESHOLD:
                    who = int(np.int64(needs.queue[own[ROW], k]))
            if crowds is not None:
                if own[KIND] == GROUP:
                    who = int(np.int64(crowds.ready[own[ROW], k]))
                    size = crowds.start[0, who + 1] - crowds.start[0, who]
            _set_try(rules, clocks, plan, rule, who, size, now, horizon, seed, replicate)
        people.size[own[SLOT]] = 0


@jit
def _set_try(
    rules: Rules, clocks: Clocks, plan: Agenda, rule: int, who: int, size: int, now: int, horizon: int, seed: int, replicate: int
) -> None:
    """The next clock of a threshold, or of a group, whose members all have the rate; before its time a rule only waits to begin."""
    clocks.tries[rule, who] += 1
    one, two, _, _ = words(rule, typed_zero(), who, typed_zero() + 1, clocks.tries[rule, who], seed, replicate)
    begin = max(now, (rules.table[rule, FIRST] - 1) << UNIT)
    time = begin + delay(one, two, rules.rate[rule] * size)
    if time < min(horizon, rules.table[rule, LAST] << UNIT):
        put(plan.slots, plan.heap, plan.head, plan.tally, time, rule, who, clocks.tries[rule, who], typed_zero())


@jit
def whom(
    rules: Rules, people: People, needs: Needs | None, crowds: Crowds | None, others: Others | None, clocks: Clocks, plan: Agenda,
    rule: int, who: int, tried: int, stamp: int, now: int, horizon: int, seed: int, replicate: int,
) -> int:  # fmt: skip
    """Whom a clock moves that has run out, −1: nobody; a clock that may try again is set again."""
    own = rules.table[rule]
    kind, row, state = own[KIND], own[ROW], people.state
    if needs is not None:
        if kind == THRESHOLD:
            needs.queued[row, who] = 0
            return who if needs.left[row, who] <= 0 and state[who] == own[SOURCE] else -1
    if crowds is not None:
        if kind == GROUP:
            if crowds.inside[row, who] < own[COUNT]:
                crowds.is_ready[row, who] = 0
                return -1
            first, size = crowds.start[0, who], crowds.start[0, who + 1] - crowds.start[0, who]
            word = words(rule, typed_zero(), who, typed_zero() + 1, tried, seed, replicate)[2]
            j = int(np.int64(crowds.member[first + np.int64((word * np.uint64(size)) >> _HALF)]))
            _set_try(rules, clocks, plan, rule, who, size, now, horizon, seed, replicate)
            return j if state[j] == own[SOURCE] else -1
    if clocks.visit[who] != stamp:
        return -1
    _, _, three, _ = words(rule, typed_zero(), who, tried, stamp, seed, replicate)
    if kind == MIXING and np.int64((three * np.uint64(state.size)) >> _HALF) < people.counts[own[VIA]]:
        return who
    if others is not None:
        if kind == IMITATION:
            first, degree = others.back[own[LAYER], who], others.back[own[LAYER], who + 1] - others.back[own[LAYER], who]
            same = degree > 0
            for look in range(own[COUNT]):
                word = three if look == 0 else words(rule, look, who, tried, stamp, seed, replicate)[3]
                same = (
                    same and state[others.back_other[first + np.int64((word * np.uint64(max(degree, 1))) >> _HALF)]] == own[VIA]
                )
            if same:
                return who
    one, two, _, _ = words(rule, typed_zero(), who, tried + 1, stamp, seed, replicate)
    time = now + delay(one, two, rules.rate[rule])
    if time < min(horizon, own[LAST] << UNIT):
        put(plan.slots, plan.heap, plan.head, plan.tally, time, rule, who, tried + 1, stamp)
    return -1
