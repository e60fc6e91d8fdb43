"""Circles of about ten, and circles of circles up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError
from tenfold.people.availability import free_hours
from tenfold.plan.rules import Locks, Rules

__all__ = ["Placement", "Ties", "place_people", "place_rings"]

Ints = NDArray[np.int64]
FULL = 1000  # worth of a full bond; every other rule is measured against it
PLACE_WORTH = {"bond": 0, "place": 600, "both": 150, "mix": -150}
FORCED = 50 * FULL  # for pairs that the organiser wants together or apart
PROPOSALS_A_HEAD, MOST_PROPOSALS = 400, 4_000_000


@dataclass(frozen=True)
class Ties:
    """Bonds among the people of a plan: `a`, `b` (rows of the people), and `table` (one row a bond, as in `Bonds.table`)."""

    a: Ints
    b: Ints
    table: pl.DataFrame

    @classmethod
    def among(cls, ids: pl.Series, bonds: pl.DataFrame) -> Ties:
        """Those of `bonds` that have both ends in `ids`, strongest first."""
        rows = pl.DataFrame({"id": ids, "row": np.arange(len(ids))})
        table = (
            bonds.with_columns(pl.col("a", "b").cast(pl.String))
            .join(rows.rename({"id": "a", "row": "row_a"}), on="a", maintain_order="left")
            .join(rows.rename({"id": "b", "row": "row_b"}), on="b", maintain_order="left")
        )
        return cls(table["row_a"].to_numpy(), table["row_b"].to_numpy(), table.drop("row_a", "row_b"))

    def strength(self) -> NDArray[np.float64]:
        """The strength of each."""
        return self.table["strength"].to_numpy()


@dataclass(frozen=True)
class Placement:
    """`circle` (n): the circle of each person, from 0. `hours` (n, 168): free hours (UTC week, from Monday). `languages` (n, languages)."""

    circle: Ints
    count: int
    low: int
    high: int
    hours: NDArray[np.bool_]
    languages: NDArray[np.bool_]
    language_names: list[str]


def place_people(
    people: pl.DataFrame,
    ties: Ties,
    rules: Rules,
    locks: Locks,
    *,
    at: datetime,
    seed: int,
    before: dict[str, int],
    changes: float,
) -> Placement:
    """Put everybody of `people` into exactly one circle.

    Parameters
    ----------
    people
        One row a person who is to be placed.
    before
        Circle of each person in the last plan, from 1; at most the share `changes` of them is moved.

    Raises
    ------
    PlanError
        Somebody has no circle that the locks and the sizes allow; the message names them and the rule.
    """
    n = people.height
    ids = people["id"].to_list()
    count, low, high = _sizes(n, rules, max(before.values(), default=0))
    spoken, names = _languages(people["language"])
    hours = _hours(people, at)
    pinned, bars = _locked(ids, locks, count)
    crowded = np.bincount(pinned[pinned >= 0], minlength=count)
    if (crowded > high).any():
        circle = int(crowded.argmax())
        who = ", ".join(ids[i] for i in np.flatnonzero(pinned == circle)[:3])
        raise PlanError(
            f"locks: {crowded[circle]} people are fixed in circle {circle + 1} ({who}, …); it holds {high}. Free some of them."
        )
    last = np.array([before.get(one, 0) - 1 for one in ids], np.int32)
    last[last >= count] = -1
    row = {one: i for i, one in enumerate(ids)}
    forced = [
        (row[a], row[b], sign * FORCED)
        for pairs, sign in ((locks.together, 1), (locks.apart, -1))
        for a, b in pairs
        if a in row and b in row
    ]
    placement = _search(
        ties, _worth(ties.strength()), forced, people, spoken, hours, pinned, bars, last, count, (low, high), rules, seed, changes
    )
    homeless = np.flatnonzero(placement < 0)
    if homeless.size:
        who = ", ".join(ids[i] for i in homeless[:5])
        raise PlanError(
            f"no circle is left for {who}: the locks and the size of {low} to {high} allow none. "
            "Free a 'not in' row, or allow larger circles."
        )
    return Placement(placement, count, low, high, hours, spoken, names)


def place_rings(circle: Ints, count: int, ties: Ties, size: int, seed: int) -> list[Ints]:
    """Circles of circles: for each level the group of each of its members, until one group of at most `size` + 2 holds all."""
    levels: list[Ints] = []
    group, members = circle, count
    while members > size + 2:
        a, b = group[ties.a], group[ties.b]
        between = a != b
        table = pl.DataFrame(
            {"a": np.minimum(a, b)[between], "b": np.maximum(a, b)[between], "strength": _worth(ties.strength())[between]}
        )
        joined = table.group_by("a", "b").agg(pl.col("strength").sum()).sort("a", "b")
        level_ties = Ties(joined["a"].to_numpy(), joined["b"].to_numpy(), joined)
        rules = Rules(circle_size=size, by="bond")
        groups, low, high = _sizes(members, rules, 0)
        blank = pl.DataFrame({name: [None] * members for name in ("place", "degree", "can_mentor", "standing")})
        nothing = np.zeros((members, 0), np.bool_)
        free = np.full(members, -1, np.int32)
        placed = _search(
            level_ties,
            joined["strength"].to_numpy(),
            [],
            blank,
            nothing,
            nothing,
            free,
            np.zeros(0, np.int64),
            free,
            groups,
            (low, high),
            rules,
            seed,
            1.0,
        )
        levels.append(placed)
        group, members = placed[group], groups
    return levels


def _sizes(n: int, rules: Rules, last: int) -> tuple[int, int, int]:
    """How many circles, and the sizes allowed: those of the rules, or as near to them as `n` people permit."""
    if last and rules.low * last <= n <= rules.high * last:
        return last, rules.low, rules.high
    near = max(1, round(n / rules.circle_size))
    for count in (near, near + 1, near - 1):
        if count >= 1 and rules.low * count <= n <= rules.high * count:
            return count, rules.low, rules.high
    count = max(1, -(-n // rules.high))
    return count, min(rules.low, n // count), -(-n // count)


def _worth(strength: NDArray[np.float64]) -> Ints:
    """What a bond is worth inside a circle: the root of its strength, full from the strongest tenth on."""
    if not strength.size:
        return np.zeros(0, np.int64)
    full = max(float(np.quantile(strength, 0.9)), 1e-12)
    worth: Ints = np.rint(FULL * np.sqrt(np.minimum(strength / full, 1.0))).astype(np.int64)
    return worth


def _languages(column: pl.Series) -> tuple[NDArray[np.bool_], list[str]]:
    """Who speaks what: (n, languages), all of them where nothing is known; and the names, by number of speakers."""
    lists = [[one.strip() for one in (text or "").replace(",", "|").split("|") if one.strip()] for text in column]
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for spoken in lists:
        for one in spoken:
            counts[one.casefold()] = counts.get(one.casefold(), 0) + 1
            written.setdefault(one.casefold(), one)
    folded = sorted(counts, key=lambda one: (-counts[one], one))
    index = {one: k for k, one in enumerate(folded)}
    names = [written[one] for one in folded]
    table = np.zeros((len(lists), len(names)), np.bool_)
    for i, spoken in enumerate(lists):
        for one in spoken:
            table[i, index[one.casefold()]] = True
        if not spoken:
            table[i] = True
    return table, names


def _hours(people: pl.DataFrame, at: datetime) -> NDArray[np.bool_]:
    """Free hours of each, (n, 168)."""
    known: dict[tuple[str | None, str | None], NDArray[np.bool_]] = {}
    table = np.ones((people.height, 168), np.bool_)
    for i, key in enumerate(people.select("availability", "timezone").iter_rows()):
        if key not in known:
            known[key] = free_hours(key[0], key[1], at)
        table[i] = known[key]
    return table


def _codes(column: pl.Series) -> NDArray[np.int32]:
    """A number for each value, −1 for null."""
    values = {value: k for k, value in enumerate(column.drop_nulls().unique().sort())}
    return np.array([values.get(value, -1) for value in column], np.int32)


def _locked(ids: list[str], locks: Locks, count: int) -> tuple[NDArray[np.int32], Ints]:
    """The circle each person is fixed in (−1: none), and person · count + circle for all that is forbidden, sorted."""
    row = {one: i for i, one in enumerate(ids)}
    pinned = np.full(len(ids), -1, np.int32)
    for person, circle in (*locks.inside.items(), *locks.outside):
        if circle > count:
            raise PlanError(
                f"locks: circle {circle} for '{person}' does not exist; there are {count} circles. Name one from 1 to {count}."
            )
    for person, circle in locks.inside.items():
        if person in row:
            pinned[row[person]] = circle - 1
    bars = sorted({row[person] * count + circle - 1 for person, circle in locks.outside if person in row})
    return pinned, np.array(bars, np.int64)


def _search(
    ties: Ties,
    worth: Ints,
    forced: list[tuple[int, int, int]],
    people: pl.DataFrame,
    spoken: NDArray[np.bool_],
    hours: NDArray[np.bool_],
    pinned: NDArray[np.int32],
    bars: Ints,
    last: NDArray[np.int32],
    count: int,
    sizes: tuple[int, int],
    rules: Rules,
    seed: int,
    changes: float,
) -> Ints:
    """Hand the search to the kernel."""
    from tenfold.kernels.plan.circles import Crowd, Weights, build_circles

    n = people.height
    extra = np.array(forced, np.int64).reshape(-1, 3)
    a, b = np.concatenate([ties.a, extra[:, 0]]), np.concatenate([ties.b, extra[:, 1]])
    value = np.concatenate([worth, extra[:, 2]])
    ends, others = np.concatenate([a, b]), np.concatenate([b, a])
    by_end = np.lexsort((others, ends))
    first = spoken.argmax(axis=1) if spoken.shape[1] else np.zeros(n, np.int64)
    kind = np.where(spoken.all(axis=1), -1, first).astype(np.int32)
    place = _codes(people["place"])
    barred = np.zeros(n, np.uint8)
    barred[bars // count] = 1
    busy = not hours.all()
    crowd = Crowd(
        start=np.searchsorted(ends[by_end], np.arange(n + 1)).astype(np.int64),
        other=others[by_end].astype(np.int32),
        worth=np.concatenate([value, value])[by_end],
        languages=spoken.astype(np.uint8),
        hours=(hours if busy else hours[:, :0]).astype(np.uint8),
        place=place,
        kind=kind,
        degree=_codes(people["degree"]),
        guide=(people["can_mentor"].cast(pl.Boolean).fill_null(False)).to_numpy().astype(np.uint8),
        stranger=(people["standing"].cast(pl.String) == "never included").fill_null(False).to_numpy().astype(np.uint8),
        pinned=pinned,
        barred=barred,
        bars=bars,
        before=last,
    )
    weights = Weights(
        language=1500,
        hours=400,
        place=PLACE_WORTH[rules.by],
        alone=800,
        degree=300,
        guide=600,
        strangers=1200,
        size=600,
        ideal=rules.circle_size,
    )
    order = np.lexsort((place, hours.argmax(axis=1) if busy else place, kind)).astype(np.int32)
    target = np.full(count, n // count, np.int64)
    target[: n % count] += 1
    placed = int((last >= 0).sum())
    most = int(changes * placed) if placed else n
    proposals = min(PROPOSALS_A_HEAD * n, MOST_PROPOSALS)
    circle, _ = build_circles(
        crowd, weights, order, target, sizes[0], sizes[1], most, proposals, 0 if placed else FULL // 2, seed
    )
    found: Ints = circle.astype(np.int64)
    return found
