"""Reports of meetings, of Zoom, Teams and Google Meet: who was there, from when to when."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from tenfold.errors import DataError
from tenfold.people.names import clean_labels
from tenfold.people.printable import printable
from tenfold.people.readers.column_content import content_of
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.delimited_text import DELIMITERS
from tenfold.people.readers.header_matching import GUESS, TableMatch, match_columns
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["MEETING_REPORT"]

HEAD, MAX_ABOVE, MAX_ROWS = 1 << 16, 60, 200_000
_DAY_FIRST_IN_NAME = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ _T]([0-9]{2})[_:.-]([0-9]{2}))?[ _-]*")
_END_OF_NAME = re.compile(
    r"[ _-]*(?:attendance[ _]?report|attendance|anwesenheitsbericht|participants?|rapport de présence).*$", re.IGNORECASE
)
_SECTION = re.compile(r"[0-9]+\. ?\S")
_BRACKETS = r"\s*\([^()]*\)$"


@dataclass(frozen=True)
class _Report:
    """The rows of a report, with the number of each; the index of the header of its participants, and what this means."""

    rows: list[tuple[int, list[str]]]
    header: int
    match: TableMatch
    encoding: str


def recognises_meeting(raw: RawFile) -> bool:
    """Whether a text has a header with names and the times of joining and leaving, and no column that says which gathering a row is of."""
    if raw.data[:4] in (b"PK\x03\x04", b"PAR1"):
        return False
    try:
        report = _find(raw, None, head=True)
    except DataError:
        return False
    return report is not None and (report.header > 0 or "event" not in report.match.found)


def read_meeting(raw: RawFile, context: ReadContext) -> list[SourceTable]:
    """The attendance of a meeting."""
    name = printable(raw.path.name)
    report = _find(raw, context.encoding, head=False)
    if report is None:
        raise DataError(
            f"{name}: is no report of a meeting; expected names under a header with the times of joining and leaving."
        )
    headers = report.rows[report.header][1]
    body = _participants(report)
    if not body:
        raise DataError(f"{name}: names no participant below its header; expected at least one. Export the report again.")
    columns = {column: headers.index(header) for column, header in report.match.found.items()}
    frame = pl.DataFrame(
        {ROW_NUMBER: [number for number, _ in body]}
        | {column: [row[at].strip() or None if at < len(row) else None for _, row in body] for column, at in columns.items()},
        schema={ROW_NUMBER: pl.Int64} | dict.fromkeys(columns, pl.String),
    )
    if "name" in frame.columns:  # Name (Original Name), Name (Guest)
        frame = frame.with_columns(clean_labels(frame["name"].str.replace(_BRACKETS, "")).alias("name"))
    title, start = _summary(report)
    stem, day, clock = _from_name(raw.path.name)
    guesses = []
    if "event" not in frame.columns:
        frame = frame.with_columns(event=pl.lit(title or stem))
        guesses += [] if title else [f"event: '{printable(stem, 60)}', after the name of the file"]
    if "start" not in frame.columns and start is not None:
        frame = frame.with_columns(start=pl.lit(start))
    if "start" not in frame.columns and day is not None and clock is not None:
        frame = frame.with_columns(start=pl.lit(f"{day} {clock}"))
        guesses.append(f"start: {day} {clock}, after the name of the file")
    frame = _dated(frame, day, name, guesses)
    mapping = {
        column: header for column, header in report.match.found.items() if column not in ("name", "first_name", "last_name")
    }
    naming = [header for column, header in report.match.found.items() if column in ("name", "first_name", "last_name")]
    mapping |= {"person": " + ".join(naming) or mapping.get("email", "")}
    return [
        SourceTable(
            "attendance",
            frame,
            mapping,
            guesses=guesses,
            heading_row=report.rows[report.header][0],
            encoding=report.encoding.upper(),
        )
    ]


def _find(raw: RawFile, encoding: str | None, *, head: bool) -> _Report | None:
    """The report in a text; with `head`, only as much as tells whether there is one."""
    if head:  # up to the end of a line, lest a letter be cut
        start = raw.data[:HEAD]
        raw = RawFile(raw.path, start if len(raw.data) <= HEAD else start[: start.rfind(b"\n") + 1] or start, "")
    text, used = decode_text(raw, encoding)
    for delimiter in sorted(DELIMITERS, key=lambda one: -text[: 1 << 14].count(one)):
        rows = _csv_rows(text, delimiter)
        for index, (_, cells) in enumerate(rows[:MAX_ABOVE]):
            if sum(map(bool, cells)) < 3 or len(set(filter(None, cells))) < sum(map(bool, cells)):
                continue
            match = match_columns(cells, "attendance")
            if {"join", "leave"} <= match.found.keys() and match.found.keys() & {"name", "first_name", "person"}:
                return _Report(rows, index, match, used)
    return None


def _csv_rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows of a text, with the number of the line on which each begins; blank ones are empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    last = 0
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            rows.append((last + 1, stripped if any(stripped) else []))
            last = reader.line_num
            if len(rows) >= MAX_ROWS:
                break
    except csv.Error:
        return []
    return rows


def _participants(report: _Report) -> list[tuple[int, list[str]]]:
    """The rows below the header, up to a blank one or the next section, which says the same again."""
    found = []
    for number, cells in report.rows[report.header + 1 :]:
        if not cells or (_SECTION.match(cells[0]) and sum(map(bool, cells)) == 1):
            break
        found.append((number, cells))
    return found


def _summary(report: _Report) -> tuple[str | None, str | None]:
    """The title and the start of the meeting, from keys and values above the participants: beside each other, or in two rows."""
    title = start = None
    above = [cells for _, cells in report.rows[: report.header] if cells]
    pairs = [(cells[0], cells[1]) for cells in above if len([cell for cell in cells if cell]) == 2]
    for keys, values in pairwise(above):
        if len(keys) > 2 and len(values) > 2:
            pairs += zip(keys, values, strict=False)
    for key, value in pairs:
        level = match_columns([key], "attendance").level
        if level.get("event", GUESS) > GUESS and title is None and value:
            title = value
        if "start" in level and start is None and content_of([value]) == "times":
            start = value
    return title, start


def _from_name(file: str) -> tuple[str, str | None, str | None]:
    """What the name of the file says: the title, and the day and time of day as it may begin."""
    stem = re.sub(r"(?:\.gz|\.csv|\.tsv|\.txt)+$", "", file, flags=re.IGNORECASE)
    match = _DAY_FIRST_IN_NAME.match(stem)
    rest = _END_OF_NAME.sub("", stem[match.end() :] if match else stem).strip()
    clock = f"{match[2]}:{match[3]}" if match and match[2] else None
    return rest or stem, match[1] if match else None, clock


def _dated(frame: pl.DataFrame, day: str | None, name: str, guesses: list[str]) -> pl.DataFrame:
    """The frame with days before times of joining and leaving that are clocks alone."""
    clocks = [column for column in ("join", "leave") if content_of(frame[column].head(60).to_list()) == "clocks"]
    if not clocks:
        return frame
    start = str(frame["start"][0] or "") if "start" in frame.columns else ""
    of_start = re.match(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}", start)
    date = of_start[0] if of_start else day
    if date is None:
        raise DataError(
            f"{name}: the times of joining have no day, and neither has the name of the file; expected a name such as "
            f"'2026-09-14 {name}'. Rename it."
        )
    guesses.append(f"join: on {date}")
    return frame.with_columns((pl.lit(f"{date} ") + pl.col(column)).alias(column) for column in clocks)


MEETING_REPORT = Source("meeting", "report of a meeting", recognises_meeting, read_meeting)
