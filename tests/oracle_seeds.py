"""The plain-Python twin of reverse-reachable sets, and the exact reach by counting all ways in which arcs can be live."""

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


def draw_rr_set(model: Any, many: int, stream: int, number: int, seed: int) -> list[int]:
    """One reverse-reachable set of `many`, in the order in which its people are reached: the definition, with a queue and a set."""
    draws = words(stream, number, seed)
    n = len(model.start) - 1
    found = [min(int((number + next(draws) / WHOLE) * (n / many)), n - 1)]
    depth, declined = {found[0]: 0}, {}
    for v in found:
        if depth[v] >= model.steps:
            continue
        row = list(range(int(model.start[v]), int(model.start[v + 1])))
        for arcs in _batches(model, v, row):
            for arc in _live(model, v, arcs, draws):
                u = int(model.source[arc])
                if u in depth:
                    continue
                if len(model.out_degree):
                    open_arcs = int(model.out_degree[u]) - declined.get(u, 0)
                    if open_arcs > model.capacity and next(draws) * open_arcs >> 32 >= model.capacity:
                        declined[u] = declined.get(u, 0) + 1
                        continue
                depth[u] = depth[v] + 1
                found.append(u)
    return found


def _batches(model: Any, v: int, row: list[int]) -> list[list[int]]:
    """The arcs into v, cut into those that are drawn at once."""
    if model.at_most_one or not row:
        return [row] if row else []
    kind = -1 - int(model.counts.row[v])
    size = len(row) if kind < 0 else int(model.counts.batch[kind])
    return [row[k : k + size] for k in range(0, len(row), size)]


def _live(model: Any, v: int, arcs: list[int], draws: Iterator[int]) -> Iterator[int]:
    """The live ones of some arcs into v."""
    word, counts = next(draws), model.counts
    if model.at_most_one:
        if not len(model.cumulative_weight):
            yield arcs[word * len(arcs) >> 32]
        else:
            yield from [arc for arc in arcs if word < int(model.cumulative_weight[arc])][:1]
        return
    table = int(counts.row[v])
    if table < 0:
        kind = -1 - table
        table = int(counts.full[kind] if len(arcs) == counts.batch[kind] else counts.rest[kind])
    count = 0
    while word >= int(counts.cumulative[table + count]):
        count += 1
    chosen: list[int] = []
    for k in range(count):
        top = len(arcs) - count + k
        pick = arcs[next(draws) * (top + 1) >> 32]
        chosen.append(arcs[top] if pick in chosen else pick)
    for arc in chosen:
        if not len(model.acceptance):
            yield arc
        else:
            word = next(draws)
            if word < int(model.acceptance[arc]) or int(model.acceptance[arc]) == MASK:
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


def exact_shares(n: int, arcs: Arcs, nodes: Sequence[int], groups: dict[str, list[int]]) -> dict[str, float]:
    """The expected share reached of each group by a cascade; only the chance of each of its people is needed."""
    found = {}
    for group, people in groups.items():
        total = 0.0
        for one in people:  # somebody more, who is reached by this person alone, surely, adds this person's chance
            total += exact_cascade(n + 1, [*arcs, (one, n, 1.0)], nodes) - exact_cascade(n, arcs, nodes)
        found[group] = total / len(people)
    return found


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


def draw_dual_set(dual: Any, many: int, stream: int, number: int, seed: int) -> list[int]:
    """One set of the dual process, those by whom a person practises at the deadline: step by step backwards, with lists."""
    draws = words(stream, number, seed)
    arcs = dual.arcs
    n = len(arcs.start) - 1
    after = [min(int((number + next(draws) / WHOLE) * (n / many)), n - 1)]
    for step in range(dual.steps, 0, -1):
        before: list[int] = []
        for v in after:
            live = [
                arc
                for batch in _batches(arcs, v, list(range(int(arcs.start[v]), int(arcs.start[v + 1]))))
                for arc in list(_live(arcs, v, batch, draws))
            ]
            for arc in live:
                u = int(arcs.source[arc])
                if u not in before and not (len(dual.tie_survival) and _lost(dual, (u, v), step, stream, number, seed)):
                    before.append(u)
            if not live and int(dual.recovery[v]) and next(draws) < int(dual.recovery[v]):
                continue
            if v not in before:
                before.append(v)
        after = before
    return after


def _lost(dual: Any, tie: tuple[int, int], step: int, stream: int, number: int, seed: int) -> bool:
    """Whether a tie is lost before a step."""
    one, two = sorted(tie) if dual.mutual else tie
    return philox((stream, number, one, two + 1), (seed & MASK, 0))[0] >= int(dual.tie_survival[step])


def exact_contagion(
    n: int, arcs: Arcs, seeds: Sequence[int], steps: int, lapse: float, fading: float = 0.0, *, mutual: bool = False
) -> float:
    """How many practise at the deadline, on average: the chances of all states of all people from step to step.

    With fading for all lifetimes that ties can have. Whoever practises lapses with this chance, and does not take up again in
    that step.
    """
    ties = sorted({(min(a, b), max(a, b)) if mutual else (a, b) for a, b, _ in arcs})
    total = 0.0
    for lasts in product(range(1, steps + 1) if fading else [steps], repeat=len(ties)):  # steps in which each exists
        last = dict(zip(ties, lasts, strict=True))
        chance = 1.0
        for one in lasts:
            if fading:
                chance *= (1 - fading) ** (one - 1) * (1.0 if one == steps else fading)
        state = {sum(1 << i for i in seeds): chance}
        for step in range(1, steps + 1):
            existing = [(a, b, p) for a, b, p in arcs if last[(min(a, b), max(a, b)) if mutual else (a, b)] >= step]
            state = _next_states(n, existing, state, lapse)
        total += sum(p * bin(s).count("1") for s, p in state.items())
    return total


def _next_states(n: int, arcs: Arcs, state: dict[int, float], lapse: float) -> dict[int, float]:
    """The chances of all states (bit v: person v practises) after one step."""
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
