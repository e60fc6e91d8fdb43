"""Mentors in tables, with the reasons in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.plan.mentors.assignment import Care
from tenfold.plan.mentors.influence import SimulatedReach

__all__ = ["NO_GROUP", "Chosen", "care_table", "group_table", "left_table", "mentor_table"]

Ints = NDArray[np.int64]
NO_GROUP = "(not on record)"


@dataclass(frozen=True)
class Chosen:
    """Mentors chosen among n people.

    Attributes
    ----------
    ids, group
        (n) Id and group of each person.
    capacity
        (n) People whom each person can look after.
    mentors, backups
        (k) The mentors, and the backup of each, as rows; −1 where there is no backup.
    """

    ids: pl.Series
    group: list[str]
    capacity: Ints
    mentors: Ints
    backups: Ints


def mentor_table(chosen: Chosen, reach: SimulatedReach, care: Care) -> pl.DataFrame:
    """One row a mentor, with the reason in words."""
    ids, rows = chosen.ids, []
    load = np.bincount(care.mentor[care.mentor >= 0], minlength=len(chosen.mentors))
    names = sorted(set(chosen.group))
    group = np.array([names.index(one) for one in chosen.group])
    for m, i in enumerate(chosen.mentors.tolist()):
        only = np.bincount(group, weights=reach.exclusive[m], minlength=len(names))
        most = int(only.argmax())
        where, there = names[most], float(only[most])
        reason = f"reaches {_people(reach.individual[m])} expected"
        if there >= 0.5:
            place = "" if where == NO_GROUP else f" in {where}"
            reason += f", {there:.0f}{place} whom no other mentor reaches"
        rows.append(
            {
                "mentor": ids[i],
                "group": chosen.group[i],
                "reaches": float(reach.individual[m]),
                "adds": float(reach.marginal[m]),
                "together": float(reach.marginal[: m + 1].sum()),
                "only": float(only.sum()),
                "only_in": where,
                "only_there": there,
                "looks_after": int(load[m]),
                "capacity": int(chosen.capacity[i]),
                "backup": ids[int(chosen.backups[m])] if chosen.backups[m] >= 0 else None,
                "reason": reason,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"backup": pl.String})


def care_table(chosen: Chosen, care: Care) -> pl.DataFrame:
    """`mentor`, `person`, `steps` between them (null: no path)."""
    rows = np.flatnonzero(care.mentor >= 0)
    steps = pl.Series(care.steps[rows])
    return pl.DataFrame(
        {
            "mentor": chosen.ids.gather(chosen.mentors[care.mentor[rows]]),
            "person": chosen.ids.gather(rows),
            "steps": steps.set(steps < 0, None),
        }
    ).sort("mentor", "steps", "person", nulls_last=True)


def group_table(chosen: Chosen, reach: SimulatedReach) -> pl.DataFrame:
    """People expected to be reached in each group, the one that is worst off first."""
    rows = []
    for name in sorted(set(chosen.group)):
        inside = np.array([one == name for one in chosen.group])
        with_mentors, at_random = reach.reached[:, inside].sum(axis=1), reach.at_random[:, inside].sum(axis=1)
        gain = (with_mentors - at_random).astype(float)
        half = 1.96 * float(gain.std(ddof=1)) / math.sqrt(reach.runs)
        rows.append(
            {
                "group": name,
                "people": int(inside.sum()),
                "mentors": int(inside[chosen.mentors].sum()),
                "with_mentors": float(with_mentors.mean()),
                "at_random": float(at_random.mean()),
                "difference": float(gain.mean()),
                "low": float(gain.mean()) - half,
                "high": float(gain.mean()) + half,
            }
        )
    return pl.DataFrame(rows).sort(pl.col("with_mentors") / pl.col("people"), "group")


def left_table(chosen: Chosen, reach: SimulatedReach, care: Care, has_bond: NDArray[np.bool_]) -> pl.DataFrame:
    """Whom no mentor reaches, and whom no mentor looks after, with the reason; `has_bond` (n): a living one."""
    ids, mentors, rows = chosen.ids.to_list(), set(chosen.mentors.tolist()), []
    ever = np.asarray(reach.reached.any(axis=0))
    for i in np.flatnonzero(~ever | (care.mentor < 0)).tolist():
        if i in mentors:
            continue
        why = []
        if not has_bond[i]:
            why.append("no living bond with anybody: needs a first contact")
        elif not ever[i]:
            why.append("no way over living bonds leads here from a mentor that was ever open")
        if care.mentor[i] < 0:
            why.append("no mentor has room: raise a capacity, or choose more")
        rows.append({"person": ids[i], "why": "; ".join(why)})
    return pl.DataFrame(rows, schema={"person": pl.String, "why": pl.String})


def _people(number: float) -> str:
    whole = round(number)
    return f"{whole:,} {'person' if whole == 1 else 'people'}"
