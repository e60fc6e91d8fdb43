"""What calendars were told: each entry with its UID, which never changes, and its SEQUENCE, which rises when the entry does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from tenfold.report.plan.plan_report import PlanReport

__all__ = ["ANNOUNCED", "Announced", "Entry", "announce"]

ANNOUNCED: dict[str, type[pl.DataType]] = {
    "key": pl.String,
    "circle": pl.Int64,
    "who": pl.String,
    "summary": pl.String,
    "start": pl.String,
    "zone": pl.String,
    "until": pl.String,
    "uid": pl.String,
    "sequence": pl.Int64,
    "cancelled": pl.Boolean,
}


@dataclass(frozen=True)
class Entry:
    """Something for a calendar.

    `key`: what it is, the same in every plan. `circle`: whose. `who`: in whose calendar, None: in those of all members. `start`: a day, or
    a local time in the `zone`. `until`: the last day of a weekly series, empty for what is once.
    """

    key: str
    circle: int
    who: str | None
    summary: str
    start: str
    zone: str | None
    until: str


@dataclass(frozen=True)
class Announced(Entry):
    """An entry as it was announced, or `cancelled`."""

    uid: str = ""
    sequence: int = 0
    cancelled: bool = False

    @classmethod
    def of(cls, row: dict[str, Any]) -> Announced:
        """From a row of the table `ANNOUNCED`."""
        return cls(**{name: row[name] for name in ANNOUNCED})

    @property
    def is_meeting(self) -> bool:
        """Whether it is the weekly meeting of a circle."""
        return self.key.startswith("meeting\n")


def announce(entries: Iterable[Entry], known: dict[str, dict[str, Any]], report: PlanReport) -> pl.DataFrame:
    """The entries with their UIDs and SEQUENCEs, after what is `known` of the plan before; what is no longer there is cancelled, once."""
    rows, kept = [], set()
    seed = (
        next((str(row["uid"]).partition("@")[0][:8] for row in known.values()), None)
        or _digest(f"{report.title}\n{report.at}")[:8]
    )
    for entry in entries:
        before = known.get(entry.key)
        kept.add(entry.key)
        uid = f"{seed}{_digest(entry.key)[:24]}@tenfold" if before is None else str(before["uid"])
        same = before is not None and before == {**before, **entry.__dict__, "cancelled": False}
        sequence = 0 if before is None else int(before["sequence"]) + (not same)
        rows.append(Announced(**entry.__dict__, uid=uid, sequence=sequence))
    circles = set(report.plan.circle_table["circle"])
    for key, row in known.items():
        if key not in kept and not row["cancelled"] and not (key.startswith("meeting\n") and row["circle"] in circles):
            rows.append(Announced.of(row | {"sequence": int(row["sequence"]) + 1, "cancelled": True}))
    return pl.DataFrame([one.__dict__ for one in rows], schema=ANNOUNCED)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
