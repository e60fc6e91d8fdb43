"""What the organiser decides: made from names and addresses as the page shows them, and turned into what the next plan keeps to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl

from tenfold.app.actions.saved_plan import last_plan
from tenfold.errors import DataError, PlanError, SpecError
from tenfold.people.names import name_key
from tenfold.people.printable import printable
from tenfold.people.store import Store
from tenfold.people.store.decisions import PRIVATE, Decision
from tenfold.plan.locks import Locks

__all__ = ["circle_names", "decide", "decide_locks", "decision_in_words", "find_circle", "find_member", "holding", "locks_of"]

PEOPLE = {"together": 2, "apart": 2, "carer": 2, "not this week": 1}
"""Kinds of decision about people alone, and how many."""
PLACED = ("fix", "forbid", "mentor", "backup")
"""Kinds about a person and a circle."""
LONGEST_NAME = 60
WEEK = timedelta(days=7)


def decide(store: Store, kind: str, words: tuple[str, ...], now: datetime) -> Decision:
    """Keep a decision; `words` name people and circles as the page shows them.

    fix, forbid, mentor, backup: a person and a circle. together, apart: two people. carer: whom, and who. not this week: a person.
    name, meeting: a circle, and what it is called or when it meets.

    Raises
    ------
    DataError
        A name is nobody's, or the decision contradicts another.
    SpecError
        The words are too few or too many.
    """
    made = Decision(0, now, kind)
    if kind in PEOPLE:
        if len(words) != PEOPLE[kind]:
            raise SpecError(f"decide {kind}: got {len(words)} names; expected {PEOPLE[kind]}.")
        people = [find_member(store, one) for one in words]
        if len(set(people)) < len(people):
            raise DataError(
                f"decide {kind}: '{printable(words[0], 40)}' and '{printable(words[1], 40)}' are the same person; expected two."
            )
        made = replace(made, person=people[0], other=people[1] if len(people) > 1 else None)
        if kind == "not this week":
            made = replace(made, until=(now + WEEK).date())
    else:
        if len(words) != 2:
            what = "a person and a circle" if kind in PLACED else "a circle, and its name or hour"
            raise SpecError(f"decide {kind}: got {len(words)} words; expected {what}. Put names of several words in quotes.")
        if kind in PLACED:
            made = replace(made, person=find_member(store, words[0]), circle=find_circle(store, words[1]))
        else:
            text = " ".join(words[1].split())
            if not 0 < len(text) <= LONGEST_NAME:
                raise SpecError(f"decide {kind}: '{printable(text, 40)}' has {len(text)} letters; expected 1 to {LONGEST_NAME}.")
            made = replace(made, circle=find_circle(store, words[0]), text=text)
    return replace(made, number=store.add_decision(made))


def decide_locks(store: Store, locks: Locks, now: datetime) -> list[Decision]:
    """Keep what a file of locks says as decisions; what is decided so already is left as it is."""
    wanted = [Decision(0, now, "fix", one, circle=circle) for one, circle in locks.inside.items()]
    wanted += [Decision(0, now, "forbid", one, circle=circle) for one, circle in locks.outside]
    for kind, pairs in (("together", locks.together), ("apart", locks.apart)):
        wanted += [Decision(0, now, kind, *pair) for pair in pairs]
    known = {(one.kind, frozenset((one.person, one.other)), one.circle) for one in holding(store, now.date())}
    new = [one for one in wanted if (one.kind, frozenset((one.person, one.other)), one.circle) not in known]
    return [replace(one, number=store.add_decision(one)) for one in new]


def holding(store: Store, today: date) -> list[Decision]:
    """The decisions that hold today."""
    return [one for one in store.decisions() if one.undone is None and (one.until is None or one.until > today)]


def locks_of(store: Store, today: date) -> Locks:
    """What the next plan keeps to."""
    found = holding(store, today)
    by_circle = {
        kind: {one.circle: one for one in found if one.kind == kind and one.circle is not None}
        for kind in ("mentor", "backup", "name", "meeting")
    }
    pairs = {
        kind: tuple((one.person, one.other) for one in found if one.kind == kind and one.person and one.other)
        for kind in ("together", "apart", "carer")
    }
    roles = [one for kind in ("mentor", "backup") for one in by_circle[kind].values()]
    inside = {
        one.person: one.circle for one in (*(one for one in found if one.kind == "fix"), *roles) if one.person and one.circle
    }
    return Locks(
        inside=inside,
        outside=tuple((one.person, one.circle) for one in found if one.kind == "forbid" and one.person and one.circle),
        together=pairs["together"],
        apart=pairs["apart"],
        mentor={circle: one.person for circle, one in by_circle["mentor"].items() if one.person},
        backup={circle: one.person for circle, one in by_circle["backup"].items() if one.person},
        carer=dict(pairs["carer"]),
        not_this_week=frozenset(one.person for one in found if one.kind == "not this week" and one.person),
        names={circle: one.text for circle, one in by_circle["name"].items() if one.text},
        meetings={circle: one.text for circle, one in by_circle["meeting"].items() if one.text},
    )


def decision_in_words(one: Decision, names: dict[str, str], circles: dict[int, str]) -> str:
    """A decision as a sentence, with names of people and circles."""
    person, other = (names.get(who or "", who or "somebody who is gone") for who in (one.person, one.other))
    circle = circles.get(one.circle or 0, f"circle {one.circle}")
    words = {
        "fix": f"{person} is in {circle}",
        "forbid": f"{person} is not in {circle}",
        "together": f"{person} and {other} are in one circle",
        "apart": f"{person} and {other} are not in one circle",
        "mentor": f"{person} is the mentor of {circle}",
        "backup": f"{person} is the backup of {circle}",
        "carer": f"{other} looks after {person}",
        "not this week": f"{person} is left in peace until {one.until}",
        "name": f"circle {one.circle} is called {one.text}",
        "meeting": f"{circle} meets {one.text}",
    }
    return words.get(one.kind, one.kind) + (" (private)" if one.kind in PRIVATE else "")


def circle_names(table: pl.DataFrame) -> dict[int, str]:
    """Names of circles by number, from the table of a plan; empty for plans of older versions."""
    return dict(table.select("circle", "name").drop_nulls().iter_rows()) if "name" in table.columns else {}


def find_member(store: Store, text: str) -> str:
    """The id of a person by id, name, alias, e-mail, or address in the last plan, such as 2.4.7."""
    saved = last_plan(store)
    if saved is not None:
        seat = saved.tables["circles"].filter(pl.col("address") == text.strip())
        if seat.height == 1:
            return str(seat["person"][0])
    return store.find_person(text)


def find_circle(store: Store, text: str) -> int:
    """The number of a circle of the last plan by number, name or address.

    Raises
    ------
    DataError
        There is none, or two have that name.
    PlanError
        There is no plan yet.
    """
    saved = last_plan(store)
    if saved is None:
        raise PlanError("there is no plan yet, and so no circle; make one with: tenfold plan")
    table, decided = (
        saved.tables["circle_table"],
        {one.circle: one.text for one in store.decisions() if one.kind == "name" and one.undone is None},
    )
    called = circle_names(saved.tables["circle_table"]) | {number: name for number, name in decided.items() if number and name}
    wanted, short = name_key(text.strip()), name_key(text.strip().lower().removeprefix("circle "))
    rows = [
        (number, (str(number), name_key(called.get(number, "")), address))
        for number, address in table.select("circle", "address").iter_rows()
    ]
    for place in (1, 0, 2):  # a name, a number, an address
        found = [number for number, labels in rows if labels[place] in ((wanted,) if place == 1 else (wanted, short))]
        if len(found) == 1:
            return int(found[0])
        if found:
            raise DataError(
                f"'{printable(text, 40)}' is the name of circles {', '.join(map(str, found))}; expected one. Use its number."
            )
    few = ", ".join(list(called.values())[:3]) or ", ".join(table["address"].head(3))
    raise DataError(
        f"'{printable(text, 40)}' is no circle of the last plan; expected a number, a name or an address, such as {few}. "
        "See tenfold circles."
    )
