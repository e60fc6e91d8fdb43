"""What an earlier plan promised: contacts that are still to be made, and people who are left in peace for a week."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.plan.candidates import Candidates
from tenfold.plan.situation import Situation

__all__ = ["Promises", "promised_contacts"]

Ints = NDArray[np.int64]
WEEK = timedelta(days=7)
_TASKS = pl.DataFrame(schema={"who": pl.String, "whom": pl.String})


@dataclass(frozen=True)
class Promises:
    """By row of the candidates, (c): `open`, whether the contact was planned and not made; `quiet`, whether one of the two is left in peace
    in the first week."""

    open: NDArray[np.bool_]
    quiet: NDArray[np.bool_]

    @classmethod
    def none(cls, candidates: Candidates) -> Promises:
        """Nothing was promised to anybody."""
        no = np.zeros(len(candidates), np.bool_)
        return cls(no, no)

    def first_week(self, rows: Ints) -> Ints:
        """Those of some candidates that may be chosen in the first week."""
        return rows[~self.quiet[rows]]


def promised_contacts(
    situation: Situation, candidates: Candidates, open_tasks: pl.DataFrame | None, not_this_week: Collection[str]
) -> Promises:
    """The promises of tasks that are open (`who`, `whom`), and of people who asked for a week without.

    Where the tasks have a column `put_off`, one that was put off to a day after this week is left in peace until then.
    """
    ids = situation.people["id"].to_list()
    row = {one: i for i, one in enumerate(ids)}
    quiet = np.zeros(situation.n, np.bool_)
    quiet[[row[one] for one in not_this_week if one in row]] = True
    tasks = _TASKS if open_tasks is None else open_tasks
    late = pl.lit(False) if "put_off" not in tasks.columns else (pl.col("put_off") > situation.at.date() + WEEK).fill_null(False)
    parts = [set(tasks.filter(which).select("who", "whom").iter_rows()) for which in (~late, late)]
    ends = [(ids[i], ids[j]) for i, j in zip(candidates.initiator.tolist(), candidates.recipient.tolist(), strict=True)]
    is_open, put_off = (np.array([pair in part for pair in ends], np.bool_) for part in parts)
    return Promises(is_open, quiet[candidates.initiator] | quiet[candidates.recipient] | put_off)
