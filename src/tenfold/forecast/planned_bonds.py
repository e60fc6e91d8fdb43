"""Whether bonds with a planned contact outlived comparable ones without: an association in the own past, not an effect."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.histories import DAY, Community, Histories, community_of
from tenfold.people.contacts import Contacts

__all__ = ["associate_planned"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "planned": pl.Int64,
    "others": pl.Int64,
    "alive_planned": pl.Float64,
    "alive_others": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "since": pl.Date,
    "words": pl.String,
}
WEEK = 7 * DAY
AFTER, UNTIL = 4 * WEEK, 12 * WEEK
"""A bond is alive later if its two were in contact between these times after the plan."""
WASHOUT = 8 * WEEK
"""A bond with a planned contact within this time before a plan is no case."""
SAME_WEEK = 3 * DAY
"""Plans that follow each other within this time are of one week."""
MOST_WEEKS = 52
HALF_LIFE = 30 * DAY
RATIOS = (0.5, 1, 1.5, 2, 3, 4, 6, 8)
"""Bounds of silence in usual gaps between strata; rhythm and strength have one at each power of two."""
FEW = 30
"""Bonds with a planned contact, and comparable ones without, that are needed."""


class Tasks(NamedTuple):
    """Planned contacts of known pairs: the `pair` of each, the `week` of plans in which it was `opened`, when it `ended` (far in the future
    while it is open), and whether it was `done` then; and the `moments` at which the weeks began. Times are seconds since 1970."""

    pair: Ints
    week: Ints
    ended: Ints
    done: Flags
    moments: Ints


class Cases(NamedTuple):
    """Bonds in weeks of plans: the `pair`, the `week`, whether a contact was `planned`, whether the bond was `alive` later, and `traits`
    (k, 3): rhythm in days, silence in usual gaps, and strength, each as log₂."""

    pair: Ints
    week: Ints
    planned: Flags
    alive: Flags
    traits: Floats

    def where(self, which: Flags) -> Cases:
        """Some of them."""
        return Cases(self.pair[which], self.week[which], self.planned[which], self.alive[which], self.traits[which])


def associate_planned(contacts: Contacts, tasks: pl.DataFrame | None) -> pl.DataFrame:
    """One row: by how much more often bonds with a planned contact are alive later than comparable ones; no row where it cannot be told.

    A case is a bond of three occasions or more in the week of a plan, whose two had no planned contact in the eight weeks before. Alive
    is a bond whose two were in contact four to twelve weeks after the plan; contacts that closed a task are left out. Cases with a
    planned contact, whether or not it took place, are compared with others of the same four weeks, rhythm, silence and strength
    (coarsened exact matching: Iacus, King & Porro 2012, doi:10.1093/pan/mpr013); what differs within these strata is set off by linear
    regression. `low` to `high` is the 95 % interval, which counts that bonds of one person go together (Aronow, Samii & Assenova 2015,
    doi:10.1093/pan/mpv018). The others may be planned for in the weeks after: it is what one week's contact goes with. `tasks`: as in
    `adherence.TASKS`.
    """
    nothing = pl.DataFrame(schema=SCHEMA)
    if tasks is None or tasks.is_empty() or contacts.table.is_empty():
        return nothing
    community = community_of(contacts, gatherings_make_pairs=True)
    found = _tasks(community, tasks)
    cases = _cases(community, found)
    stratum = _strata(cases, found.moments)
    here, there = (np.bincount(stratum[which], minlength=len(stratum)) > 0 for which in (cases.planned, ~cases.planned))
    both = (here & there)[stratum]
    cases, stratum = cases.where(both), stratum[both]
    planned, others = int(cases.planned.sum()), int((~cases.planned).sum())
    if min(planned, others) < FEW:
        return nothing
    alive, difference, half = _compare(cases, stratum, community)
    since = pl.from_epoch(pl.Series([int(found.moments[cases.week[cases.planned].min()])])).dt.date()[0]
    low, high = difference - half, difference + half
    sure = "" if low > 0 or high < 0 else ", which is no clear difference"
    words = (
        f"Of {planned:,} bonds with a planned contact since {since.day} {since:%B %Y}, {alive:.0%} were in touch again 4 to 12 weeks later,"
        f" and {alive - difference:.0%} of comparable ones without: {100 * difference:+.0f} points ({100 * low:+.0f} to"
        f" {100 * high:+.0f}){sure}. This is an association: those whom a plan chooses may differ in what is not on record."
    )
    row = (planned, others, alive, alive - difference, difference, low, high, since, words)
    return pl.DataFrame([row], schema=SCHEMA, orient="row")


def _tasks(community: Community, table: pl.DataFrame) -> Tasks:
    """The tasks over pairs that were ever in contact; without those that another plan of the same week withdrew."""
    opened, ended = (table[name].dt.epoch("s").fill_null(2**60).to_numpy() for name in ("opened", "closed"))
    moments = np.unique(opened)
    moments = moments[np.diff(moments, prepend=-(2**60)) > SAME_WEEK]
    names = community.names.cast(pl.String)
    code = pl.DataFrame({"name": names, "code": np.arange(len(names))})
    ends = [
        table.select(name=end).join(code, on="name", how="left", maintain_order="left")["code"].fill_null(-1).to_numpy()
        for end in ("who", "whom")
    ]
    n = max(len(names), 1)
    key, known = np.minimum(*ends) * n + np.maximum(*ends), community.a.astype(np.int64) * n + community.b
    pair = np.minimum(np.searchsorted(known, key), len(known) - 1)
    state = table["state"].to_numpy()
    taken = (np.minimum(*ends) >= 0) & (known[pair] == key) & ~((state == "withdrawn") & (ended - opened <= SAME_WEEK))
    week = np.searchsorted(moments, opened, side="right") - 1
    return Tasks(pair[taken], week[taken], ended[taken], (state == "done")[taken], moments)


def _cases(community: Community, tasks: Tasks) -> Cases:
    """All cases in the weeks of which the later ones are on record."""
    pairs, own = community.pairs, _unplanned(community.pairs, tasks)
    case = np.arange(len(pairs))
    over = np.flatnonzero(tasks.moments + UNTIL <= max(pairs.last, community.people.last))[-MOST_WEEKS:]
    no, none = np.zeros(0, np.bool_), np.zeros(0, np.int64)
    parts = [Cases(none, none, no, no, np.zeros((0, 3)))]
    for week in over.tolist():
        at = int(tasks.moments[week])
        seen = pairs.rows_until(at)
        occasions = np.where(seen > pairs.start[:-1], pairs.occasion[np.maximum(seen - 1, 0)], 0)
        earlier = tasks.week < week
        recent = np.bincount(tasks.pair[earlier & (tasks.ended > at - WASHOUT)], minlength=len(pairs)) > 0
        chosen = case[(occasions >= 3) & ~recent]
        planned = np.bincount(tasks.pair[tasks.week == week], minlength=len(pairs))[chosen] > 0
        alive = own.seen_within(at + AFTER, at + UNTIL, chosen)
        traits = _traits(pairs, at, chosen, seen[chosen], occasions[chosen])
        parts.append(Cases(chosen, np.full(len(chosen), week), planned, alive, traits))
    return Cases(
        np.concatenate([one.pair for one in parts]),
        np.concatenate([one.week for one in parts]),
        np.concatenate([one.planned for one in parts]),
        np.concatenate([one.alive for one in parts]),
        np.concatenate([one.traits for one in parts]),
    )


def _unplanned(pairs: Histories, tasks: Tasks) -> Histories:
    """The contacts of pairs without those of days on which a task of the two was done."""
    case = np.repeat(np.arange(len(pairs)), np.diff(pairs.start))
    days = 100_000
    closed = np.unique(tasks.pair[tasks.done] * days + tasks.ended[tasks.done] // DAY)
    kept = ~np.isin(case * days + pairs.time // DAY, closed)
    return Histories.of(case[kept], pairs.time[kept], len(pairs))


def _traits(pairs: Histories, at: int, chosen: Ints, seen: Ints, occasions: Ints) -> Floats:
    """Rhythm, silence and strength at a moment, as log₂; (k, 3)."""
    first, last = pairs.time[pairs.start[chosen]], pairs.time[seen - 1]
    gap = np.maximum((last - first) / (occasions - 1), DAY)
    worth = np.where(pairs.time <= at, np.exp2(np.minimum(pairs.time - at, 0) / HALF_LIFE), 0.0)
    strength = np.add.reduceat(worth, pairs.start[:-1])[chosen]
    silence = np.maximum((at - last) / gap, RATIOS[0] / 4)
    traits: Floats = np.log2(np.column_stack([gap / DAY, silence, np.maximum(strength, 2.0**-6)]))
    return traits


def _strata(cases: Cases, moments: Ints) -> Ints:
    """The number of the stratum of each case: the same four weeks, rhythm, silence and strength."""
    gap, _, strength = np.floor(cases.traits.T)
    silence = np.digitize(cases.traits[:, 1], np.log2(RATIOS))
    rows = np.column_stack([moments[cases.week] // (4 * WEEK), gap, silence, strength])
    found: Ints = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    return found


def _compare(cases: Cases, stratum: Ints, community: Community) -> tuple[float, float, float]:
    """Share of the planned that were alive, its difference to comparable others, and half the width of its 95 % interval.

    The others count by the planned of their stratum, and their share is moved to the mean traits of the planned by weighted least squares.
    """
    planned, others, alive = cases.planned, ~cases.planned, cases.alive.astype(np.float64)
    n = int(planned.sum())
    per_other = np.bincount(stratum[planned], minlength=len(stratum)) / np.maximum(
        np.bincount(stratum[others], minlength=len(stratum)), 1
    )
    weight = per_other[stratum[others]]
    mean = cases.traits[planned].mean(axis=0)
    x = np.column_stack([np.ones(len(planned)), cases.traits - mean])
    leverage = np.linalg.pinv((x[others].T * weight) @ x[others])
    fitted = x @ (leverage @ (x[others].T @ (weight * alive[others])))
    share, expected = float(alive[planned].mean()), float(fitted[planned].mean())
    score = np.empty(len(planned))
    score[planned] = (alive - fitted - (share - expected))[planned] / n
    score[others] = -weight * (x[others] @ leverage[:, 0]) * (alive - fitted)[others]
    return share, share - expected, 1.96 * float(np.sqrt(_dyadic_variance(score, cases.pair, community)))


def _dyadic_variance(score: Floats, pair: Ints, community: Community) -> float:
    """Variance of a sum of scores of pairs, where pairs that share a person go together; no less than if only cases of one pair did."""
    of_pair = np.bincount(pair, weights=score, minlength=len(community.pairs))
    n = len(community.names)
    of_person = sum(np.bincount(end, weights=of_pair, minlength=n) for end in (community.a, community.b))
    groups = max(len(np.unique(pair)), 2)
    alone = float((of_pair**2).sum())
    return max(float((np.asarray(of_person) ** 2).sum()) - alone, alone) * groups / (groups - 1)
