"""Whether a first contact that was answered goes with a bond that is alive later: an association in the own past, not an effect."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.histories import APART, DAY, Community, community_of
from tenfold.people.contacts import Contacts

__all__ = ["associate_answers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "answered": pl.Int64,
    "unanswered": pl.Int64,
    "alive_answered": pl.Float64,
    "alive_unanswered": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "words": pl.String,
}
LATER = 84 * DAY
QUARTER, MOST_ACTIVE = 91 * DAY, 8
FEW = 30
"""First contacts of each kind, in strata that have both, that are needed."""


class FirstContacts(NamedTuple):
    """The first contact of each of k pairs: `who` approached `whom` at `time` (seconds since 1970); whether it was `answered` within the
    usual gap, and whether they were in contact in the twelve weeks after it (`alive`)."""

    who: Ints
    whom: Ints
    time: Ints
    answered: Flags
    alive: Flags


def associate_answers(contacts: Contacts) -> pl.DataFrame:
    """One row: how much more often a bond is alive later whose first contact was answered; no row where it cannot be told.

    Answered is a first contact after which the other one acted within the usual gap between two contacts of a pair (one to thirty days).
    Alive is a pair that was in contact in the twelve weeks after that gap. Compared are first contacts of the same quarter between
    people who had been as active, each within a factor of two. `difference` of the shares: Mantel–Haenszel, with its 95 % interval
    `low` to `high` (Sato 1989, doi:10.2307/2532506). `alive_answered`, `alive_unanswered`: shares before matching. No row: who acted
    first is not on record, or there are too few cases.
    """
    community = community_of(contacts)
    gap = _usual_gap(community)
    first = _first_contacts(contacts, community, gap)
    if not first.answered.any():
        return pl.DataFrame(schema=SCHEMA)
    stratum = np.column_stack(
        [first.time // QUARTER, _activity(community, first.who, first.time), _activity(community, first.whom, first.time)]
    )
    number = np.unique(stratum, axis=0, return_inverse=True)[1].ravel()
    kinds = (first.answered, ~first.answered, first.answered & first.alive, ~first.answered & first.alive)
    n1, n0, x1, x0 = (np.bincount(number, kind.astype(float)).astype(float) for kind in kinds)
    both = (n1 > 0) & (n0 > 0)
    n1, n0, x1, x0 = (one[both] for one in (n1, n0, x1, x0))
    if min(n1.sum(), n0.sum()) < FEW:
        return pl.DataFrame(schema=SCHEMA)
    difference, low, high = _difference(n1, n0, x1, x0)
    shares = float(x1.sum() / n1.sum()), float(x0.sum() / n0.sum())
    sure = "" if low > 0 or high < 0 else ", which is no clear difference"
    points = f"{100 * difference:+.0f} points ({100 * low:+.0f} to {100 * high:+.0f})"
    words = (
        f"In your own past, {shares[0]:.0%} of first contacts that were answered within {gap / DAY:.0f} days were followed by contact in"
        f" the next 12 weeks, and {shares[1]:.0%} of the others. Among people as active at the same time the difference is {points}{sure}."
        " This is an association: whoever answers may be more interested anyway."
    )
    return pl.DataFrame([(int(n1.sum()), int(n0.sum()), *shares, difference, low, high, words)], schema=SCHEMA, orient="row")


def _usual_gap(community: Community) -> int:
    """Seconds: the median time between two occasions of a pair, from one day to thirty."""
    pairs = community.pairs
    gaps = np.diff(pairs.time)
    same = np.ones(len(gaps), np.bool_)
    same[pairs.start[1:-1] - 1] = False
    gaps = gaps[same & (gaps > APART)]
    return int(np.clip(np.median(gaps) if len(gaps) else 7 * DAY, DAY, 30 * DAY))


def _first_contacts(contacts: Contacts, community: Community, gap: int) -> FirstContacts:
    """Those whose twelve weeks are over."""
    names = community.names.cast(pl.String)
    code = pl.Enum(names)
    ordered = contacts.table.sort("time", maintain_order=True)
    a, b = (ordered[end].cast(pl.String).cast(code).to_physical().cast(pl.Int64).to_numpy() for end in ("a", "b"))
    time = ordered["time"].dt.epoch("s").to_numpy()
    pair, first, number = np.unique(
        np.minimum(a, b) * max(len(names), 1) + np.maximum(a, b), return_index=True, return_inverse=True
    )
    number = number.ravel()
    since = time - time[first][number]
    answered, alive = np.zeros(len(pair), np.bool_), np.zeros(len(pair), np.bool_)
    answered[number[(a == b[first][number]) & (since > 0) & (since <= gap)]] = True
    alive[number[(since > gap) & (since <= gap + LATER)]] = True
    over = time[first] + gap + LATER <= (time[-1] if len(time) else 0)
    return FirstContacts(a[first][over], b[first][over], time[first][over], answered[over], alive[over])


def _activity(community: Community, who: Ints, time: Ints) -> Ints:
    """Contacts of each before the moment, in powers of two; (k)."""
    people = community.people
    before = np.searchsorted(people.key, (who << people.bits) | (time - people.epoch), side="left") - people.start[who]
    found: Ints = np.minimum(np.log2(1 + before), MOST_ACTIVE).astype(np.int64)
    return found


def _difference(n1: Floats, n0: Floats, x1: Floats, x0: Floats) -> tuple[float, float, float]:
    """Mantel–Haenszel difference of two shares over strata, and its 95 % interval."""
    n = n1 + n0
    total = float((n1 * n0 / n).sum())
    difference = float(((x1 * n0 - x0 * n1) / n).sum()) / total
    p = (n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / n**2
    q = (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n)
    half = 1.96 * float(np.sqrt(max(difference * float(p.sum()) + float(q.sum()), 0.0))) / total
    return difference, difference - half, difference + half
