"""The header row: found by its words, also below titles, on two rows, or over the dates of a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenfold.people.readers.column_content import content_of, is_mark
from tenfold.people.readers.header_matching import COLUMNS, GUESS, TableMatch, explicit_columns, match_columns, match_table
from tenfold.people.readers.raw_table import column_names
from tenfold.people.readers.register_days import Day, register_days
from tenfold.people.readers.statuses import status_meaning
from tenfold.people.readers.vocabulary import column_words, normalise_header, total_words

__all__ = ["MAX_ABOVE", "SAMPLE", "Heading", "find_heading", "first_row_is_header", "heading_of_columns"]

MAX_ABOVE = 40
"""Rows that are searched for the header."""

CORNER = column_names([""], "")[0]
"""The first column of a register, over whose names there is often nothing."""

SAMPLE = 60  # rows below a header that tell what its columns hold

Row = Sequence[str | None]


@dataclass(frozen=True)
class Heading:
    """The header of a table: the index of its row, how many rows it takes, its names, and what they mean.

    `days`: the columns of a register, one for each gathering.
    """

    index: int
    depth: int
    names: list[str]
    match: TableMatch
    days: tuple[Day, ...] = ()

    @property
    def worth(self) -> int:
        """How much of the table it explains."""
        return self.match.rank[1] + 2 * len(self.days)


def find_heading(rows: Sequence[Row], mapping: Mapping[str, str], what: str | None, now: datetime) -> Heading | None:
    """The first row whose cells make a complete table of some kind with the rows below, None where there is none."""
    for index in range(min(len(rows), MAX_ABOVE)):
        filled = sum(bool(cell) for cell in rows[index])
        if not filled or (filled == 1 and any(sum(map(bool, row)) > 1 for row in rows[index + 1 : index + SAMPLE])):
            continue
        one = _heading_at(rows, index, 1, mapping, what, now)
        two = _heading_at(rows, index, 2, mapping, what, now) if _may_be_second(rows, index) else None
        found = max((each for each in (one, two) if each is not None), key=_worth, default=None)
        if found is not None:
            return found
    return None


def heading_of_columns(rows: Sequence[Row], mapping: Mapping[str, str], what: str | None, now: datetime) -> Heading | None:
    """The heading that the first row makes, for a format whose columns have names of their own; None where it makes none."""
    return _heading_at(rows, 0, 1, mapping, what, now)


def first_row_is_header(rows: Sequence[Row]) -> int:
    """The index of the first row with a filled cell."""
    return next((index for index, row in enumerate(rows) if any(row)), 0)


def _worth(heading: Heading) -> tuple[bool, int, int]:
    return heading.match.rank[0], heading.worth, -heading.depth


def _may_be_second(rows: Sequence[Row], index: int) -> bool:
    """Whether the row after `index` may be the second of two header rows: it fills a gap of the first, and holds no number."""
    if index + 2 >= len(rows):
        return False
    first, second = rows[index], rows[index + 1]
    gaps = [k for k, cell in enumerate(second) if cell and (k >= len(first) or not first[k])]
    return bool(gaps) and not any(cell and any(one.isdigit() for one in cell) for cell in second)


def _heading_at(
    rows: Sequence[Row], index: int, depth: int, mapping: Mapping[str, str], what: str | None, now: datetime
) -> Heading | None:
    """The heading that starts at a row, None where its cells make no complete table."""
    body = rows[index + depth : index + depth + SAMPLE]
    width = max((len(row) for row in rows[index : index + depth + SAMPLE]), default=0)
    names = _names(rows[index], width)
    if depth == 2:
        below = _names(rows[index + 1], width)
        names = [second or first for first, second in zip(names, below, strict=True)]
    headers = [name for name in names if name]
    if len(set(headers)) < len(headers):
        return None
    cells = {name: [row[k] if k < len(row) else None for row in body] for k, name in enumerate(names) if name}
    given, _ = explicit_columns(headers, mapping)
    with_corner = list(headers)
    if names and not names[0] and content_of([row[0] for row in body if row]) == "names":
        with_corner.append(CORNER)
    register = _register(with_corner, given, what, cells, now) if depth == 1 else None
    match = match_table(headers, given, what, cells)
    if match is None and register is None and depth == 1:
        register = _register_on_its_side(headers, given, what, cells)
    if register is not None and (
        match is None or match.kind == "people" or (match.kind == "attendance" and len(register[1]) > 2)
    ):
        return Heading(index, depth, names, register[0], register[1])
    return Heading(index, depth, names, match) if match is not None else None


def _names(row: Row, width: int) -> list[str]:
    names = [(cell or "").strip() for cell in row]
    return names + [""] * (width - len(names))


def _register(
    headers: Sequence[str], given: Mapping[str, str], what: str | None, cells: Mapping[str, Row], now: datetime
) -> tuple[TableMatch, tuple[Day, ...]] | None:
    """The columns of people, and the days of a register with a column for each; None where the table is none."""
    if what not in (None, "attendance"):
        return None
    with_digits = {header for header in headers if any(one.isdigit() for one in header)} - {CORNER, *given.values()}
    if not with_digits or _people_columns([header for header in headers if header not in with_digits], given, cells) is None:
        return None
    days = register_days([header for header in headers if header in with_digits], now)
    named = _people_columns([header for header in headers if header not in {day.header for day in days}], given, cells)
    if named is None or not days:
        return None
    marked = [day for day in days if _holds_marks(cells[day.header], least=0)]
    if len(marked) >= 0.7 * len(days) and (len(days) > 1 or _holds_marks(cells[days[0].header], least=1)):
        return named, days
    return None


def _register_on_its_side(
    headers: Sequence[str], given: Mapping[str, str], what: str | None, cells: Mapping[str, Row]
) -> tuple[TableMatch, tuple[Day, ...]] | None:
    """The column of days, and the people of a register with a column for each; None where the table is none."""
    known = match_columns(headers, "attendance", given)
    dated = known.found.get("start")
    if what not in (None, "attendance") or dated is None or content_of(cells[dated]) != "times":
        return None
    found = {column: header for column, header in known.found.items() if column in ("start", "event", "clock")}
    people = [header for header in headers if header not in found.values() and normalise_header(header) not in total_words()]
    marked = [header for header in people if _holds_marks(cells[header], least=0) and not any(one.isdigit() for one in header)]
    words = {word for kind in COLUMNS for column in column_words(kind).values() for word in column}
    known_words = [header for header in people if normalise_header(header) in words]
    if len(people) < 2 or len(marked) < len(people) or 2 * len(known_words) > len(people):
        return None
    match = TableMatch("attendance", found, {column: known.level[column] for column in found})
    return match, tuple(Day(header, "", person=True) for header in people)


def _people_columns(headers: Sequence[str], given: Mapping[str, str], cells: Mapping[str, Row]) -> TableMatch | None:
    """The columns that name people, as those of attendance."""
    match = match_table([one for one in headers if one != CORNER], given, "people", cells)
    if match is None and CORNER in headers:
        return TableMatch("attendance", {"name": CORNER}, {"name": GUESS})
    if match is None:
        return None
    naming = {"name": "name", "first_name": "first_name", "last_name": "last_name", "email": "email", "id": "person"}
    found = {naming[column]: header for column, header in match.found.items() if column in naming}
    if not found or (set(found) == {"email"} and len(headers) > 3):
        return None
    return TableMatch("attendance", found, {naming[column]: match.level[column] for column in match.found if column in naming})


def _holds_marks(cells: Row, least: int) -> bool:
    """Whether at least nine in ten of the filled cells are marks or words of status, and `least` of them are filled."""
    filled = [cell for cell in cells if cell]
    marks = sum(is_mark(cell) or status_meaning(cell)[0] is not None for cell in filled)
    return len(filled) >= least and marks >= 0.9 * len(filled)
