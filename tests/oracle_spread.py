"""The plain-Python twin of the spread engine: sets, lists and the definitions, on the same draws."""

from __future__ import annotations

import math
from fractions import Fraction

from oracle import MASK, draw, philox

WHOLE = 2**32
SEATS, NEEDS, LOOKS, RULES = 251, 252, 253, 1 << 31
BITS = 4 * (15 + 7)


def word(seed: int, replicate: int, stream: int, step: int, who: int, part: int, lane: int, bits: int = BITS) -> int:
    """One lane's bits, from the highest on: bit `lane` of the words of as many blocks as the smallest chances have digits."""
    found = 0
    for block in range(bits // 4):
        for plane in philox((stream | block << 16, step, who, part), (seed & MASK, replicate)):
            found = found << 1 | (plane >> lane & 1)
    return found


def limit(chance: float) -> int:
    """The draws below which a chance succeeds: seven hexadecimal digits of it, after the zeros that it begins with."""
    zeros = 0
    while zeros < 15 and chance * 16 ** (zeros + 1) < 1:
        zeros += 1
    digits = math.floor(Fraction(chance) * 16 ** (zeros + 7) + Fraction(1, 2))
    return digits << BITS - 4 * (zeros + 7)


class Twin:
    """One replicate of a model on networks given as plain lists.

    `networks`: name → ("graph", edges, directed, weights or None), ("groups", lists of members) or ("windows", lists of contacts, one way).
    """

    def __init__(self, model, networks, n, seed, replicate, traits=None):
        self.model, self.networks, self.n, self.seed, self.replicate = model, networks, n, seed, replicate
        self.traits = traits or {}
        self.arcs = {name: self.rows(one) for name, one in networks.items() if one[0] == "graph"}

    def rows(self, network) -> list[list[tuple[int, float]]]:
        """For each person those whom they can reach, ascending, parallel ones as given."""
        _, edges, directed, weights = network
        found = [[] for _ in range(self.n)]
        for k, (a, b) in enumerate(edges):
            for one, two in ((a, b),) if directed or a == b else ((a, b), (b, a)):
                if one != two:
                    found[one].append((two, 1.0 if weights is None else weights[k]))
        return [sorted(row, key=lambda arc: arc[0]) for row in found]

    def layer(self, rule) -> str:
        kind = {"group": ("groups",), "contact": ("graph", "windows")}.get(rule.kind, ("graph",))
        return rule.layer or next(name for name, one in self.networks.items() if one[0] in kind)

    def below(self, most: int, number: int, *question: int) -> bool:
        """Whether a draw of a rule is below `most`; the bits after the first 32 are asked for only where those are equal."""
        draw = self.seed, self.replicate, RULES | number, *question
        first = word(*draw, bits=32)
        return first < most >> BITS - 32 if first != most >> BITS - 32 else word(*draw) < most

    def own(self, number: int, step: int, i: int, chance: float | str) -> bool:
        """Somebody's own draw: lanes are neighbours in number."""
        most = limit(self.traits[chance][i] if isinstance(chance, str) else chance)
        return self.below(most, number, step, i // 32, 0, i % 32)

    def need(self, rule, number: int, i: int) -> int:
        """How many neighbours, or how much weight in 2⁻³⁰, it takes."""
        reach = sum(j == i for row in self.arcs[self.layer(rule)] for j, _ in row)
        unit = 2**30 if rule.weighted else reach
        if rule.count is not None:
            return rule.count + rule.strict
        if rule.fraction == "random":
            return max(1, -(-(draw(self.seed, self.replicate, NEEDS, number, i, 0) + 1) * unit // WHOLE))
        fraction = self.traits[rule.fraction][i] if isinstance(rule.fraction, str) else rule.fraction
        if rule.weighted:
            return max(1, round(fraction * unit) - (reach + 1) // 2)
        return max(1, math.floor(fraction * unit + 1e-9) + 1 if rule.strict else math.ceil(fraction * unit - 1e-9))

    def fires(self, rule, number: int, step: int, i: int, now: list[str]) -> bool:
        """Whether a rule moves i at a step."""
        if rule.kind == "spontaneous":
            return self.own(number, step, i, rule.chance)
        if rule.kind == "mixing":
            most = limit(limit(rule.chance) / 2**BITS * (now.count(rule.via) / self.n))
            return self.below(most, number, step, i // 32, 0, i % 32)
        if rule.kind == "move":
            return step == rule.at and i in self.moved(rule, number, now)
        layer = self.layer(rule)
        if rule.kind == "group":
            for group, members in enumerate(self.networks[layer][1]):
                if i in members and sum(now[j] == rule.via for j in members) >= rule.least:
                    place = sorted(members).index(i)
                    if self.below(limit(rule.chance), number, step, group, place // 32, place % 32):
                        return True
            return False
        if rule.kind == "contact" and self.networks[layer][0] == "windows":
            _, windows, directed = self.networks[layer]
            for k, (a, b) in enumerate(windows[step - 1] if step <= len(windows) else []):
                for back, (who, whom) in enumerate([(a, b)] if directed else [(a, b), (b, a)]):
                    meets = whom == i and now[who] == rule.via
                    if meets and self.below(limit(rule.chance), number, step, k // 32, back, k % 32):
                        return True
            return False
        if rule.kind == "contact":
            for who, row in enumerate(self.arcs[layer]):
                for place, (j, weight) in enumerate(row):
                    if j == i and now[who] == rule.via:
                        most = limit(weight if rule.chance == "weight" else rule.chance)
                        if self.below(most, number, step, who, place // 32, place % 32):
                            return True
            return False
        into = sorted((who, weight) for who, row in enumerate(self.arcs[layer]) for j, weight in row if j == i)
        if rule.kind == "threshold":
            seen = [round(weight * 2**30) if rule.weighted else 1 for who, weight in into if now[who] == rule.via]
            return sum(seen) >= self.need(rule, number, i) and self.own(number, step, i, rule.chance)
        layers = [name for name, one in self.networks.items() if one[0] == "graph"]
        used = [
            name
            for name in layers
            if any(
                getattr(one, "via", None) and one.kind != "group" and self.layer(one) == name
                for one in self.model.rules
                if one.kind in ("contact", "threshold", "imitation")
            )
        ]
        for look in range(rule.sample):
            if not into:
                return False
            pick = draw(self.seed, self.replicate, LOOKS, step, i, look << 8 | used.index(layer)) * len(into) // WHOLE
            if now[into[pick][0]] != rule.via:
                return False
        return self.own(number, step, i, rule.chance)

    def moved(self, rule, number: int, now: list[str]) -> set[int]:
        """Whom a move takes: those named, or drawn one after the other with the chance that the count asks for."""
        if rule.people is not None:
            return {i for i in rule.people if now[i] == rule.source}
        rest = now.count(rule.source)
        wanted = min(rule.count, rest) if rule.count is not None else (rest * round(rule.share * WHOLE) + 2**31) // WHOLE
        found = set()
        for i in range(self.n):
            if now[i] == rule.source:
                if len(found) < wanted and draw(
                    self.seed, self.replicate, RULES | number, rule.at, i, 0
                ) * rest // WHOLE < wanted - len(found):
                    found.add(i)
                rest -= 1
        return found

    def run(self, state: list[str], steps: int) -> list[list[str]]:
        """States of everybody at each step."""
        history = [list(state)]
        for step in range(1, steps + 1):
            now, after = history[-1], list(history[-1])
            for i in range(self.n):
                for number, rule in enumerate(self.model.rules):
                    on = rule.kind == "move" or rule.since <= step <= rule.until
                    if now[i] == rule.source and on and self.fires(rule, number, step, i, now):
                        after[i] = rule.target
                        break
            history.append(after)
        return history
