"""Locks: placements that the organiser fixed or forbade, and the file that they are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tenfold import checks
from tenfold.errors import DataError
from tenfold.people.readers.delimited_text import parse_delimited_text
from tenfold.people.readers.raw_file import decode_text, read_raw_file
from tenfold.people.readers.raw_table import ROW_NUMBER, check_cells, strip_cells

__all__ = ["Locks", "read_locks"]

LOCK_RULES = ("in", "not in", "together", "apart")


@dataclass(frozen=True)
class Locks:
    """Placements that are fixed or forbidden, by person id; circles are numbered from 1.

    Attributes
    ----------
    inside
        The circle that a person must be in.
    outside
        A person, and a circle that they must not be in.
    together, apart
        Two people who are to be in one circle, or are not.
    mentor, backup
        Who has that role in a circle.
    carer
        Who looks after a person: the person, and the carer.
    not_this_week
        Who neither makes nor receives a planned contact in the first week.
    names, meetings
        What a circle is called, and when it meets, such as "Tue 19:30 Europe/Berlin".
    """

    inside: dict[str, int] = field(default_factory=dict)
    outside: tuple[tuple[str, int], ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    mentor: Mapping[int, str] = field(default_factory=dict)
    backup: Mapping[int, str] = field(default_factory=dict)
    carer: Mapping[str, str] = field(default_factory=dict)
    not_this_week: frozenset[str] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict)
    meetings: Mapping[int, str] = field(default_factory=dict)


def read_locks(path: str | Path, people: pl.DataFrame) -> Locks:
    """Read a CSV file with the columns `rule`, `person`, `with`.

    `rule` is ``in`` or ``not in`` (then `with` is the number of a circle), ``together`` or ``apart`` (then it is a person). People are
    named by id, or by a name that only one of them has.

    Parameters
    ----------
    path
        The CSV file.
    people
        The roster, as `People.table`.

    Raises
    ------
    DataError
        The file cannot be read, or one of its rows names no rule, no person or no circle.
    """
    path = Path(path)
    text, _ = decode_text(read_raw_file(path), None)
    table, _ = parse_delimited_text(text, path.name)
    frame = check_cells(strip_cells(table), path.name)
    frame = frame.rename({name: name.strip().lower() for name in frame.columns}, strict=False)
    checks.columns(frame.drop(ROW_NUMBER), ["rule", "person", "with"], path.name)
    rows = frame.select(ROW_NUMBER, pl.col("rule", "person", "with").cast(pl.String, strict=False))
    by_name = people.filter(pl.col("name").is_unique()).select(pl.col("name").str.to_lowercase(), "id")
    known: dict[str, str] = dict(by_name.iter_rows()) | {one: one for one in people["id"]}
    inside: dict[str, int] = {}
    outside: list[tuple[str, int]] = []
    pairs: dict[str, list[tuple[str, str]]] = {"together": [], "apart": []}

    def person(text: str | None, where: str) -> str:
        found = known.get((text or "").strip()) or known.get((text or "").strip().lower())
        if found is None:
            raise DataError(f"{where}: person '{text}' is not on the list; expected an id, or a name that one person has.")
        return found

    for number, rule, one, other in rows.iter_rows():
        where = f"{path.name} row {number}"
        rule = (rule or "").strip().lower()
        if rule not in LOCK_RULES:
            raise DataError(f"{where}: rule '{rule}' is none; expected one of {', '.join(LOCK_RULES)}.")
        who = person(one, where)
        if rule in pairs:
            whom = person(other, where)
            if who == whom:
                raise DataError(f"{where}: '{one}' stands {rule} with themselves; expected two people.")
            pairs[rule].append((who, whom))
            continue
        if not re.fullmatch("[1-9][0-9]{0,8}", (other or "").strip()):
            raise DataError(f"{where}: circle '{other}' is no number; expected the number of a circle, from 1.")
        if rule == "not in":
            outside.append((who, int(other)))
        elif inside.setdefault(who, int(other)) != int(other):
            raise DataError(f"{where}: '{one}' is to be in circle {other} and in circle {inside[who]}; keep one of the two rows.")
    for who, circle in outside:
        if inside.get(who) == circle:
            raise DataError(f"{path.name}: '{who}' is to be in circle {circle} and not in it; keep one of the two rows.")
    both = {frozenset(pair) for pair in pairs["together"]} & {frozenset(pair) for pair in pairs["apart"]}
    if both:
        one, other = sorted(next(iter(both)))
        raise DataError(f"{path.name}: '{one}' and '{other}' are to be together and apart; keep one of the two rows.")
    return Locks(inside, tuple(outside), tuple(pairs["together"]), tuple(pairs["apart"]))
