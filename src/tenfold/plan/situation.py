"""The situation of a community at one moment: built once, read by every stage of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.bonds.standing import UNBONDED, measure_standing
from tenfold.bonds.strength import Bonds
from tenfold.errors import PlanError, SpecError
from tenfold.forecast.adherence import measure_adherence
from tenfold.forecast.assumptions import Assumptions, assume
from tenfold.forecast.future import Future, foresee
from tenfold.people.availability import free_hours
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.ties import Ties

__all__ = ["AWAY", "Situation", "build_situation"]

AWAY = ("gone", "paused")
"""Standings of people whom no plan includes."""


@dataclass(frozen=True)
class Situation:
    """People 0..n−1 who are to have a circle, and what is known of them at one moment.

    Attributes
    ----------
    people
        One row a person: the roster with `standing`, `reason` and `first_seen`.
    standing
        (n) How each person stands: kept, due, fading, lost, attending or never included.
    never_included
        (n) Whether the person has no bond with anybody: never included, or attending.
    ties
        The bonds among these people.
    languages, language_names
        (n, languages) Who speaks what, all of them where nothing is known; the most spoken first.
    hours
        (n, 168) Who is free at which hour of the week, from Monday 0:00 UTC; always where nothing is known.
    future
        Chances of people and bonds in the coming weeks, fitted to the past.
    assumptions
        What contacts and bonds are taken to do.
    bonds
        All bonds of the community, at the moment `bonds.at`.
    excluded
        `person`, `why`: who is on the roster and gone or paused.
    """

    people: pl.DataFrame
    standing: list[str]
    never_included: NDArray[np.bool_]
    ties: Ties
    languages: NDArray[np.bool_]
    language_names: list[str]
    hours: NDArray[np.bool_]
    future: Future
    assumptions: Assumptions
    bonds: Bonds
    excluded: pl.DataFrame

    @property
    def n(self) -> int:
        """Number of people."""
        return self.people.height

    @property
    def at(self) -> datetime:
        """The moment, in UTC."""
        return self.bonds.at


def build_situation(people: People, contacts: Contacts, bonds: Bonds, past_tasks: pl.DataFrame | None = None) -> Situation:
    """The situation of `people` at the moment of `bonds`; `past_tasks`: what became of earlier plans (`adherence.TASKS`).

    Raises
    ------
    PlanError
        Contacts name people who are not on the roster, or nobody is to be placed.
    SpecError
        `people` is no roster.
    DataError
        Somebody's free hours cannot be understood.
    """
    if not isinstance(people, People):
        raise SpecError(f"people is a {type(people).__name__}; expected People. Use read_people or People.from_table.")
    named = contacts.people().cast(pl.String)
    unlisted = named.filter(~named.is_in(people.table["id"].implode()))
    if len(unlisted):
        raise PlanError(
            f"contacts name {len(unlisted)} people who are not on the list, first '{unlisted[0]}'; add them to the people."
        )
    standing = measure_standing(people, contacts, bonds)
    table = people.table.join(standing, left_on="id", right_on="person", maintain_order="left")
    first_seen = _first_seen(contacts.until(bonds.at))
    table = table.join(first_seen, left_on="id", right_on="person", how="left", maintain_order="left")
    away = pl.col("standing").is_in(AWAY)
    placed = table.filter(~away)
    if not placed.height:
        raise PlanError(
            f"nobody is to be placed: of {table.height} people on the list all are gone or paused, or the list is empty. Import people."
        )
    languages, language_names = _languages(placed["language"])
    return Situation(
        people=placed,
        standing=placed["standing"].to_list(),
        never_included=placed["standing"].is_in(UNBONDED).to_numpy(),
        ties=Ties.among(placed["id"], bonds.table),
        languages=languages,
        language_names=language_names,
        hours=_free_hours(placed, bonds.at),
        future=foresee(contacts, bonds.at),
        assumptions=assume(bonds, measure_adherence(past_tasks, contacts, bonds.at)),
        bonds=bonds,
        excluded=table.filter(away).select(person="id", why="reason"),
    )


def _first_seen(past: Contacts) -> pl.DataFrame:
    """`person`, `first_seen`: the first contact or gathering of each."""
    ends = [past.table.select("time", person=pl.col(end).cast(pl.String)) for end in ("a", "b")]
    seen = pl.concat([*ends, past.gatherings.select("time", person=pl.col("person").cast(pl.String))])
    return seen.group_by("person").agg(first_seen=pl.col("time").min())


def _languages(column: pl.Series) -> tuple[NDArray[np.bool_], list[str]]:
    """Who speaks what, (n, languages), all of them where nothing is known; and the names, by number of speakers."""
    lists = [[one.strip() for one in (text or "").replace(",", "|").split("|") if one.strip()] for text in column]
    speakers: dict[str, int] = {}
    written: dict[str, str] = {}
    for spoken in lists:
        for one in spoken:
            speakers[one.casefold()] = speakers.get(one.casefold(), 0) + 1
            written.setdefault(one.casefold(), one)
    folded = sorted(speakers, key=lambda one: (-speakers[one], one))
    column_of = {one: k for k, one in enumerate(folded)}
    table = np.zeros((len(lists), len(folded)), np.bool_)
    for i, spoken in enumerate(lists):
        for one in spoken:
            table[i, column_of[one.casefold()]] = True
        if not spoken:
            table[i] = True
    return table, [written[one] for one in folded]


def _free_hours(people: pl.DataFrame, at: datetime) -> NDArray[np.bool_]:
    """Free hours of each person, (n, 168)."""
    known: dict[tuple[str | None, str | None], NDArray[np.bool_]] = {}
    table = np.ones((people.height, 168), np.bool_)
    for i, key in enumerate(people.select("availability", "timezone").iter_rows()):
        if key not in known:
            known[key] = free_hours(key[0], key[1], at)
        table[i] = known[key]
    return table
