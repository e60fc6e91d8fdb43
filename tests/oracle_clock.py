"""The plain-Python twin of the continuous clock: one heap of everything that can happen, on the same draws."""

from __future__ import annotations

import heapq
import math
from collections import Counter

from oracle import MASK, philox
from oracle_spread import RULES, Twin

UNIT = 2**36


class ClockTwin(Twin):
    """One replicate with rates. A clock in the heap: time, rule, who, who acts (or how often it was tried), stamp."""

    def block(self, rule: int, number: int, one: int, two: int, count: int) -> tuple[int, int, int, int]:
        return philox((RULES | rule | number << 8, one, two, count & MASK), (self.seed & MASK, self.replicate))

    def set(self, rule: int, number: int, who: int, other: int, count: int, rate: float, now: int, until: int, stamp: int) -> int:
        """Put a clock into the heap if it runs out in time; returns when it does."""
        high, low, _, _ = self.block(rule, number, who, other, count)
        share = ((high << 32 | low) >> 11) + 0.5
        time = now + int(-math.log(share * 2.0**-53) / rate * UNIT) if rate > 0 else math.inf
        if time < until:
            heapq.heappush(self.heap, (time, len(self.log), rule, who, other, stamp))
            self.log.append(time)
        return time if time < until else math.inf

    def until(self, rule) -> int:
        return min(self.horizon, rule.until * UNIT)

    def on(self, rule, now: int) -> bool:
        return rule.kind != "move" and rule.since <= now // UNIT + 1 <= rule.until

    def set_clocks(self, i: int, now: int, only: int | None = None) -> None:
        """Clocks of somebody alone, and of those whom they can reach; `only`: of one rule that begins."""
        soon = math.inf
        active = [(k, rule) for k, rule in enumerate(self.model.rules) if self.on(rule, now) and only in (None, k)]
        for k, rule in active:
            if rule.kind in ("spontaneous", "mixing", "imitation") and self.state[i] == rule.source:
                time = self.set(k, 0, i, 0, self.visit[i], rule.rate, now, self.until(rule), self.visit[i])
                soon = min(soon, time) if rule.kind == "spontaneous" else soon
        for k, rule in active:
            if rule.kind == "contact" and self.state[i] == rule.via:
                self.set_arcs(k, rule, i, None, now, soon)

    def set_reached(self, i: int, now: int) -> None:
        """Clocks of those who can reach somebody who has just come."""
        soon = min(
            (
                time
                for time, _, k, who, _, stamp in self.heap
                if who == i and stamp == self.visit[i] and self.model.rules[k].kind == "spontaneous"
            ),
            default=math.inf,
        )
        for k, rule in enumerate(self.model.rules):
            if rule.kind == "contact" and self.on(rule, now) and self.state[i] == rule.source:
                for actor in range(self.n):
                    if self.state[actor] == rule.via:
                        self.set_arcs(k, rule, actor, i, now, soon)

    def set_arcs(self, k: int, rule, actor: int, reached: int | None, now: int, soon: float) -> None:
        seen = Counter()
        for j, weight in self.arcs[self.layer(rule)][actor]:
            number = seen[j]
            seen[j] += 1
            if self.state[j] == rule.source and reached in (None, j):
                stamp = self.visit[actor] + self.visit[j]
                rate = weight if rule.rate == "weight" else rule.rate
                self.set(k, number, j, actor, stamp, rate, now, min(self.until(rule), soon), stamp)

    def set_tries(self, now: int) -> None:
        """Thresholds that are met, and groups that are ready, whose clock does not run yet."""
        for k, rule in enumerate(self.model.rules):
            for who in range(
                self.n if rule.kind == "threshold" else len(self.networks["circles"][1]) if rule.kind == "group" else 0
            ):
                if (k, who) not in self.pending and self.enough(k, rule, who):
                    self.pending.add((k, who))
                    self.set_try(k, rule, who, now)

    def set_try(self, k: int, rule, who: int, now: int) -> None:
        size = len(self.networks["circles"][1][who]) if rule.kind == "group" else 1
        self.tries[k, who] += 1
        begin = max(now, (rule.since - 1) * UNIT)
        self.set(k, 0, who, 1, self.tries[k, who], rule.rate * size, begin, self.until(rule), 0)

    def enough(self, k: int, rule, who: int) -> bool:
        if rule.kind == "group":
            return sum(self.state[j] == rule.via for j in self.networks["circles"][1][who]) >= rule.least
        into = [
            (j, w)
            for j, row in enumerate(self.arcs[self.layer(rule)])
            for one, w in row
            if one == who and self.state[j] == rule.via
        ]
        seen = sum(round(weight * 2**30) if rule.weighted else 1 for _, weight in into)
        return self.state[who] == rule.source and seen >= self.need(rule, k, who)

    def change(self, rule, i: int, now: int) -> None:
        self.state[i] = rule.target
        self.visit[i] += 1
        self.set_tries(now)
        self.set_clocks(i, now)
        self.set_reached(i, now)

    def pop(self, k: int, rule, who: int, other: int, stamp: int, now: int) -> None:
        if rule.kind == "threshold":
            self.pending.discard((k, who))
            if self.enough(k, rule, who):
                self.change(rule, who, now)
        elif rule.kind == "group":
            if not self.enough(k, rule, who):
                self.pending.discard((k, who))
                return
            members = sorted(self.networks["circles"][1][who])
            word = self.block(k, 0, who, 1, self.tries[k, who])[2]
            self.set_try(k, rule, who, now)
            j = members[word * len(members) >> 32]
            if self.state[j] == rule.source:
                self.change(rule, j, now)
        elif stamp == self.visit[who] + (self.visit[other] if rule.kind == "contact" else 0):
            if rule.kind in ("contact", "spontaneous") or self.accepts(k, rule, who, other, stamp):
                self.change(rule, who, now)
            else:
                self.set(k, 0, who, other + 1, stamp, rule.rate, now, self.until(rule), stamp)

    def accepts(self, k: int, rule, who: int, tried: int, stamp: int) -> bool:
        word = self.block(k, 0, who, tried, stamp)[2]
        if rule.kind == "mixing":
            return word * self.n >> 32 < self.state.count(rule.via)
        into = sorted(j for j, row in enumerate(self.arcs[self.layer(rule)]) for one, _ in row if one == who)
        words = [word] + [self.block(k, look, who, tried, stamp)[3] for look in range(1, rule.sample)]
        return bool(into) and all(self.state[into[one * len(into) >> 32]] == rule.via for one in words)

    def run(self, state: list[str], steps: int) -> list[list[str]]:
        """States of everybody at whole times."""
        self.state, self.horizon, self.heap, self.log = list(state), steps * UNIT, [], []
        self.visit, self.tries, self.pending = Counter(), Counter(), set()
        history = [list(state)]
        self.set_tries(0)
        for i in range(self.n):
            self.set_clocks(i, 0)
        for time in range(1, steps + 1):
            while self.heap and self.heap[0][0] < time * UNIT:
                now, _, k, who, other, stamp = heapq.heappop(self.heap)
                self.pop(k, self.model.rules[k], who, other, stamp, now)
            for number, rule in enumerate(self.model.rules):
                if rule.kind == "move" and rule.at == time:
                    named = self.moved(rule, number, self.state)
                    for i in rule.people if rule.people is not None else sorted(named):
                        if i in named:
                            self.change(rule, i, time * UNIT)
            for k, rule in enumerate(self.model.rules):
                if rule.kind != "move" and rule.since == time + 1:
                    for i in range(self.n):
                        self.set_clocks(i, time * UNIT, only=k)
            history.append(list(self.state))
        return history
