"""Read a file of people, contacts or attendance: detect its format, parse it, and report how it was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tenfold.errors import DataError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.printable import printable
from tenfold.people.readers import canonical_tables
from tenfold.people.readers.contact_traces import is_trace, parse_trace
from tenfold.people.readers.header_matching import COLUMNS, match_headers, normalise_header
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.raw_file import decode_text, read_raw_file
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.table_formats import read_table
from tenfold.people.roster import People

__all__ = ["FORMATS", "read_contacts", "read_file", "read_people"]

FORMATS = ("table", "csv", "tsv", "xlsx", "parquet", "sociopatterns", "snap")
_TRACES = {"sociopatterns": ("SocioPatterns t i j", (1, 2, 3)), "snap": ("SNAP i j t", (3, 1, 2))}
_PARSERS = {
    "people": canonical_tables.parse_people,
    "contacts": canonical_tables.parse_contacts,
    "attendance": canonical_tables.parse_attendance,
}


def read_file(
    path: str | Path,
    *,
    mapping: dict[str, str] | None = None,
    what: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
    skip_bad: bool = False,
    now: datetime | None = None,
) -> ParsedFile:
    """Read one file of people, contacts or attendance.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, Parquet, or a trace of contacts (``t i j`` or ``i j t``); text may be packed with gzip.
    mapping
        Canonical column by header, such as ``{"Full name": "name"}``; other headers are matched loosely.
    what
        ``"people"``, ``"contacts"`` or ``"attendance"``; by default what the headers say.
    format
        ``"table"`` (also ``"csv"``, ``"tsv"``, ``"xlsx"``, ``"parquet"``: which of them is seen from the file), ``"sociopatterns"`` (t i j)
        or ``"snap"`` (i j t); by default what the file looks like.
    encoding
        Of text; by default UTF-8, or UTF-16 with its byte-order mark.
    dayfirst
        How to read 03/04/2026 where nothing in the column decides.
    skip_bad
        Leave bad rows out and count them, instead of refusing the file.
    now
        Contacts later than a day after it are refused; by default the present.

    Raises
    ------
    DataError
        The file or one of its rows cannot be understood; one line says where, what, what is allowed and what to do.
    SpecError
        An argument is none of those allowed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "calls.csv"
    >>> _ = file.write_text("Date;From;To;Mood\\n25/03/2026 18:30;ana;binh|chi;good\\n")
    >>> parsed = read_file(file)
    >>> parsed.what, parsed.mapping, parsed.frame["b"].to_list()
    ('contacts', {'time': 'Date', 'a': 'From', 'b': 'To'}, ['binh', 'chi'])
    >>> parsed.notes
    ['time: read with the day first, as some of its rows say', "not used: 'Mood'"]
    """
    if what is not None and what not in COLUMNS:
        raise SpecError(f"what is {what!r}; expected one of {', '.join(COLUMNS)}.")
    if format is not None and format not in FORMATS:
        raise SpecError(f"format is {format!r}; expected one of {', '.join(FORMATS)}.")
    path = Path(path)
    now = now or datetime.now(UTC)
    now = now.replace(tzinfo=UTC) if now.tzinfo is None else now
    raw = read_raw_file(path)
    where = printable(path.name)
    if format in _TRACES or (format is None and not mapping and what in (None, "contacts") and is_trace(raw.data)):
        text, used = decode_text(raw, encoding)
        rows, layout = parse_trace(text, format, where, now, skip_bad=skip_bad)
        name, places = _TRACES[layout]
        kind, frame, found = (
            "contacts",
            rows.frame,
            {column: f"field {k}" for column, k in zip(("time", "a", "b"), places, strict=True)},
        )
        used = used.upper()
    else:
        table, name, used = read_table(raw, encoding)
        headers = [one for one in table.columns if one != ROW_NUMBER]
        kind, found, notes = match_headers(headers, mapping, what, where)
        if not table.height:
            raise DataError(f"{where}: has a header and no rows; expected at least one row below it. Add one.")
        renamed = table.select(ROW_NUMBER, *(pl.col(header).alias(column) for column, header in found.items()))
        rows = RowValidator(renamed, where, skip_bad=skip_bad, spreadsheet=name == "XLSX")
        frame = _PARSERS[kind](rows, dayfirst, now)
        if "minutes" in found and "min" not in normalise_header(found["minutes"]):
            rows.notes.append(f"'{printable(found['minutes'], 40)}' is taken as minutes")
        rows.notes += notes
    if not frame.height:
        why = "; ".join(f"{count:,} {reason}" for reason, count in rows.skipped.items())
        raise DataError(f"{where}: none of its {rows.read:,} rows is left ({why}); expected at least one. Check the file.")
    return ParsedFile(path, kind, name, frame, found, rows.read, used, raw.sha256, rows.skipped, rows.notes)


def read_people(
    path: str | Path,
    *,
    mapping: dict[str, str] | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
    skip_bad: bool = False,
    now: datetime | None = None,
) -> People:
    """Read a list of people.

    Parameters
    ----------
    path, mapping, encoding, dayfirst, skip_bad, now
        As in `read_file`. Only the column `id` is required.

    Raises
    ------
    DataError
        The file cannot be understood.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "people.csv"
    >>> _ = file.write_text("id,Full name\\n1,Ana\\n")
    >>> read_people(file).table["name"].to_list()
    ['Ana']
    """
    return People.from_table(
        read_file(path, mapping=mapping, what="people", encoding=encoding, dayfirst=dayfirst, skip_bad=skip_bad, now=now).frame
    )


def read_contacts(
    path: str | Path,
    format: str | None = None,
    *,
    mapping: dict[str, str] | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
    skip_bad: bool = False,
    now: datetime | None = None,
) -> Contacts:
    """Read contacts between people, or attendance of gatherings.

    Parameters
    ----------
    path, format, mapping, encoding, dayfirst, skip_bad, now
        As in `read_file`.

    Returns
    -------
    Contacts
        Ids are text. Attendance becomes gatherings, one for each event and start.

    Raises
    ------
    DataError
        The file cannot be understood, or is a list of people.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "trace.dat"
    >>> _ = file.write_text("20\\t1\\t2\\n40\\t1\\t3\\n")
    >>> read_contacts(file, format="sociopatterns").table["b"].to_list()
    ['2', '3']
    """
    parsed = read_file(path, mapping=mapping, format=format, encoding=encoding, dayfirst=dayfirst, skip_bad=skip_bad, now=now)
    if parsed.what == "people":
        raise DataError(
            f"{printable(parsed.path.name)}: is a list of people; expected contacts (time, a, b) or attendance (event, start, person). "
            "Read it with read_people."
        )
    frame = parsed.frame
    if parsed.what == "contacts":
        columns = [name for name in ("time", "a", "b", "kind", "minutes") if name in frame.columns]
        return Contacts(frame.select(columns), skipped=parsed.skipped)
    named = frame.with_columns(gathering=pl.format("{} @ {}", "event", pl.col("start").dt.to_string("%Y-%m-%dT%H:%M:%SZ")))
    found = Contacts.from_gatherings(named, time="start", person="person", gathering="gathering")
    return Contacts(found.table, found.gatherings, parsed.skipped)
