"""Read a file: sniff what it is, hand it to its reader, and tell what was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tenfold.errors import DataError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.readers import canonical
from tenfold.people.readers.files import decode, read_raw, shown
from tenfold.people.readers.headers import COLUMNS, match_headers, plain
from tenfold.people.readers.reading import Reading
from tenfold.people.readers.rows import Rows
from tenfold.people.readers.sheets import ROW, read_sheet
from tenfold.people.readers.traces import is_trace, parse_trace
from tenfold.people.roster import People

__all__ = ["FORMATS", "read_contacts", "read_file", "read_people"]

FORMATS = ("table", "csv", "tsv", "xlsx", "parquet", "sociopatterns", "snap")
_TRACES = {"sociopatterns": ("SocioPatterns t i j", (1, 2, 3)), "snap": ("SNAP i j t", (3, 1, 2))}
_PARSERS = {"people": canonical.parse_people, "contacts": canonical.parse_contacts, "attendance": canonical.parse_attendance}


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
) -> Reading:
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
    >>> reading = read_file(file)
    >>> reading.what, reading.mapping, reading.frame["b"].to_list()
    ('contacts', {'time': 'Date', 'a': 'From', 'b': 'To'}, ['binh', 'chi'])
    >>> reading.notes
    ['time: read with the day first, as some of its rows say', "not used: 'Mood'"]
    """
    if what is not None and what not in COLUMNS:
        raise SpecError(f"what is {what!r}; expected one of {', '.join(COLUMNS)}.")
    if format is not None and format not in FORMATS:
        raise SpecError(f"format is {format!r}; expected one of {', '.join(FORMATS)}.")
    path = Path(path)
    now = now or datetime.now(UTC)
    now = now.replace(tzinfo=UTC) if now.tzinfo is None else now
    raw = read_raw(path)
    where = shown(path.name)
    if format in _TRACES or (format is None and not mapping and what in (None, "contacts") and is_trace(raw.data)):
        text, used = decode(raw, encoding)
        rows, form = parse_trace(text, format, where, now, skip_bad=skip_bad)
        name, places = _TRACES[form]
        kind, frame, found = (
            "contacts",
            rows.frame,
            {column: f"field {k}" for column, k in zip(("time", "a", "b"), places, strict=True)},
        )
        used = used.upper()
    else:
        sheet, name, used = read_sheet(raw, encoding)
        headers = [one for one in sheet.columns if one != ROW]
        kind, found, notes = match_headers(headers, mapping, what, where)
        if not sheet.height:
            raise DataError(f"{where}: has a header and no rows; expected at least one row below it. Add one.")
        renamed = sheet.select(ROW, *(pl.col(header).alias(column) for column, header in found.items()))
        rows = Rows(renamed, where, skip_bad=skip_bad, spreadsheet=name == "XLSX")
        frame = _PARSERS[kind](rows, dayfirst, now)
        if "minutes" in found and "min" not in plain(found["minutes"]):
            rows.notes.append(f"'{shown(found['minutes'], 40)}' is taken as minutes")
        rows.notes += notes
    if not frame.height:
        why = "; ".join(f"{count:,} {reason}" for reason, count in rows.skipped.items())
        raise DataError(f"{where}: none of its {rows.read:,} rows is left ({why}); expected at least one. Check the file.")
    return Reading(path, kind, name, frame, found, rows.read, used, raw.sha256, rows.skipped, rows.notes)


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
    reading = read_file(path, mapping=mapping, format=format, encoding=encoding, dayfirst=dayfirst, skip_bad=skip_bad, now=now)
    if reading.what == "people":
        raise DataError(
            f"{shown(reading.path.name)}: is a list of people; expected contacts (time, a, b) or attendance (event, start, person). "
            "Read it with read_people."
        )
    frame = reading.frame
    if reading.what == "contacts":
        columns = [name for name in ("time", "a", "b", "kind", "minutes") if name in frame.columns]
        return Contacts(frame.select(columns), skipped=reading.skipped)
    named = frame.with_columns(gathering=pl.format("{} @ {}", "event", pl.col("start").dt.to_string("%Y-%m-%dT%H:%M:%SZ")))
    found = Contacts.from_gatherings(named, time="start", person="person", gathering="gathering")
    return Contacts(found.table, found.gatherings, reading.skipped)
