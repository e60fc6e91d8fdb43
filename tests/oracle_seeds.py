"""The plain-Python twin of the sketches, and reach by counting all ways in which arcs can be live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from oracle import MASK, philox

WHOLE = 2**32
Arcs = Sequence[tuple[int, int, float]]


def words(stream: int, number: int, seed: int) -> Iterator[int]:
    """The words of a set, one after the other."""
    block = 0
    while True:
        yield from philox((stream, number & MASK, block, 0), (seed & MASK, 0))
        block += 1


def draw_set(inward: Any, many: int, stream: int, number: int, seed: int) -> list[int]:
    """One set of `many`, in the order in which its people are met: the definitions, with a queue and a set."""
    luck = words(stream, number, seed)
    n = len(inward.start) - 1
    found = [min(int((number + next(luck) / WHOLE) * (n / many)), n - 1)]
    depth, refused = {found[0]: 0}, {}
    for v in found:
        if depth[v] >= inward.steps:
            continue
        row = list(range(int(inward.start[v]), int(inward.start[v + 1])))
        for arcs in _parts(inward, v, row):
            for arc in _live(inward, v, arcs, luck):
                u = int(inward.other[arc])
                if u in depth:
                    continue
                if len(inward.outward):
                    left = int(inward.outward[u]) - refused.get(u, 0)
                    if left > inward.limit and next(luck) * left >> 32 >= inward.limit:
                        refused[u] = refused.get(u, 0) + 1
                        continue
                depth[u] = depth[v] + 1
                found.append(u)
    return found


def _parts(inward: Any, v: int, row: list[int]) -> list[list[int]]:
    """The arcs that are drawn at once."""
    if inward.one or not row:
        return [row] if row else []
    kind = -1 - int(inward.row[v])
    size = len(row) if kind < 0 else int(inward.size[kind])
    return [row[k : k + size] for k in range(0, len(row), size)]


def _live(inward: Any, v: int, arcs: list[int], luck: Iterator[int]) -> Iterator[int]:
    """The live ones of some arcs of v."""
    word = next(luck)
    if inward.one:
        if not len(inward.running):
            yield arcs[word * len(arcs) >> 32]
        else:
            yield from [arc for arc in arcs if word < int(inward.running[arc])][:1]
        return
    row = int(inward.row[v])
    if row < 0:
        row = int(inward.full[-1 - row] if len(arcs) == inward.size[-1 - row] else inward.rest[-1 - row])
    count = 0
    while word >= int(inward.table[row + count]):
        count += 1
    chosen: list[int] = []
    for k in range(count):
        top = len(arcs) - count + k
        pick = arcs[next(luck) * (top + 1) >> 32]
        chosen.append(arcs[top] if pick in chosen else pick)
    for arc in chosen:
        if not len(inward.keep):
            yield arc
        else:
            word = next(luck)
            if word < int(inward.keep[arc]) or int(inward.keep[arc]) == MASK:
                yield arc


def exact_cascade(n: int, arcs: Arcs, seeds: Sequence[int], steps: int | None = None) -> float:
    """The expected reach of an independent cascade: all choices of live arcs, each with its chance."""
    total = 0.0
    for live in product((0, 1), repeat=len(arcs)):
        chance = 1.0
        rows: dict[int, list[int]] = {}
        for (a, b, p), on in zip(arcs, live, strict=True):
            chance *= p if on else 1 - p
            if on:
                rows.setdefault(a, []).append(b)
        if chance:
            total += chance * len(_reached(rows, seeds, n if steps is None else steps))
    return total


def exact_threshold(n: int, arcs: Arcs, seeds: Sequence[int]) -> float:
    """The expected reach of a linear threshold: everybody picks at most one of the arcs that lead to them, by weight (Kempe et
    al. 2003, theorem 4.6)."""
    into: list[list[tuple[int | None, float]]] = [[] for _ in range(n)]
    for a, b, weight in arcs:
        into[b].append((a, weight))
    for row in into:
        row.append((None, 1 - sum(weight for _, weight in row)))
    total = 0.0
    for picks in product(*into):
        chance = 1.0
        rows: dict[int, list[int]] = {}
        for b, (a, weight) in enumerate(picks):
            chance *= weight
            if a is not None:
                rows.setdefault(a, []).append(b)
        if chance > 0:
            total += chance * len(_reached(rows, seeds, n))
    return total


def _reached(rows: dict[int, list[int]], seeds: Sequence[int], steps: int) -> set[int]:
    found, edge = set(seeds), set(seeds)
    for _ in range(steps):
        edge = {b for a in edge for b in rows.get(a, ())} - found
        found |= edge
        if not edge:
            break
    return found


def draw_dual(dual: Any, many: int, stream: int, number: int, seed: int) -> list[int]:
    """One set of those by whom a person practises at the deadline: the definition, step by step backwards, with lists."""
    luck = words(stream, number, seed)
    arcs = dual.arcs
    n = len(arcs.start) - 1
    now = [min(int((number + next(luck) / WHOLE) * (n / many)), n - 1)]
    for step in range(dual.steps, 0, -1):
        then: list[int] = []
        for v in now:
            live = [
                arc
                for part in _parts(arcs, v, list(range(int(arcs.start[v]), int(arcs.start[v + 1]))))
                for arc in list(_live(arcs, v, part, luck))
            ]
            for arc in live:
                u = int(arcs.other[arc])
                if u not in then and not (len(dual.alive) and _lost(dual, u, v, step, stream, number, seed)):
                    then.append(u)
            if not live and int(dual.lapse[v]) and next(luck) < int(dual.lapse[v]):
                continue
            if v not in then:
                then.append(v)
        now = then
    return now


def _lost(dual: Any, u: int, v: int, step: int, stream: int, number: int, seed: int) -> bool:
    """Whether a bond is lost before a step."""
    one, two = (min(u, v), max(u, v)) if dual.pairs else (u, v)
    return philox((stream, number, one, two + 1), (seed & MASK, 0))[0] >= int(dual.alive[step])


def exact_contagion(
    n: int, arcs: Arcs, seeds: Sequence[int], steps: int, lapse: float, fading: float = 0.0, *, pairs: bool = False
) -> float:  # fmt: skip
    """How many practise at the deadline, on average: the chances of all states of all people from step to step.

    With fading for all lifetimes that bonds can have. Whoever practises lapses with this chance, and does not take up again in
    that step.
    """
    bonds = sorted({(min(a, b), max(a, b)) if pairs else (a, b) for a, b, _ in arcs})
    total = 0.0
    for lasts in product(range(1, steps + 1) if fading else [steps], repeat=len(bonds)):  # steps in which each is there
        last = dict(zip(bonds, lasts, strict=True))
        chance = 1.0
        for one in lasts:
            if fading:
                chance *= (1 - fading) ** (one - 1) * (1.0 if one == steps else fading)
        state = {sum(1 << i for i in seeds): chance}
        for step in range(1, steps + 1):
            there = [(a, b, p) for a, b, p in arcs if last[(min(a, b), max(a, b)) if pairs else (a, b)] >= step]
            state = _moved(n, there, state, lapse)
        total += sum(p * bin(s).count("1") for s, p in state.items())
    return total


def _moved(n: int, arcs: Arcs, state: dict[int, float], lapse: float) -> dict[int, float]:
    found: dict[int, float] = {}
    for s, p in state.items():
        up = []  # the chance of each to practise after the step
        for v in range(n):
            none = 1.0
            for a, b, chance in arcs:
                if b == v and s >> a & 1:
                    none *= 1 - chance
            up.append(1 - lapse if s >> v & 1 else 1 - none)
        for t in range(1 << n):
            q = p
            for v in range(n):
                q *= up[v] if t >> v & 1 else 1 - up[v]
            if q:
                found[t] = found.get(t, 0.0) + q
    return found
