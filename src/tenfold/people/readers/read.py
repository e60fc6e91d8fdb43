"""Read a file of people, contacts or attendance: detect its format, parse it, and report how it was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import polars as pl

from tenfold.errors import DataError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.printable import printable
from tenfold.people.readers.contact_traces import is_trace, parse_trace
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.header_matching import COLUMNS
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.raw_file import RawFile, decode_text, read_raw_file
from tenfold.people.readers.source_table import finish
from tenfold.people.readers.sources import SOURCES, find_source
from tenfold.people.readers.table_formats import read_tables as read_raw_tables
from tenfold.people.readers.tables import parse_table
from tenfold.people.readers.vocabulary import fold_words
from tenfold.people.roster import People
from tenfold.people.zones import zone_name

__all__ = ["FORMATS", "ReadOptions", "read_contacts", "read_file", "read_people", "read_tables"]

FORMATS = ("table", "csv", "tsv", "xlsx", "parquet", "sociopatterns", "snap", *(source.name for source in SOURCES))
_TRACES = {"sociopatterns": ("SocioPatterns t i j", (1, 2, 3)), "snap": ("SNAP i j t", (3, 1, 2))}


class ReadOptions(TypedDict, total=False):
    """The options of `read_file`."""

    mapping: dict[str, str] | None
    what: str | None
    format: str | None
    encoding: str | None
    dayfirst: bool | None
    skip_bad: bool
    now: datetime | None
    timezone: str | None
    statuses: dict[str, bool] | None


def read_file(path: str | Path, **options: Unpack[ReadOptions]) -> ParsedFile:
    """Read one file of people, contacts or attendance.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, Parquet, or a trace of contacts (``t i j`` or ``i j t``); text may be packed with gzip.
    **options
        As follows.
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
    timezone
        The zone of times that name none, such as ``"Europe/Berlin"``; by default UTC.
    statuses
        Words of attendance that are not known, and whether they count as there.

    Returns
    -------
    ParsedFile
        The table of the file with most rows; `read_tables` gives all.

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
    return read_tables(path, **options)[0]


def read_tables(path: str | Path, **options: Unpack[ReadOptions]) -> list[ParsedFile]:
    """Read all tables of one file, the main one first: a workbook has one for each sheet, an export of a chat several.

    Parameters
    ----------
    path
        A file.
    **options
        As in `read_file`.
    """
    what, format = options.get("what"), options.get("format")
    if what is not None and what not in COLUMNS:
        raise SpecError(f"what is {what!r}; expected one of {', '.join(COLUMNS)}.")
    if format is not None and format not in FORMATS:
        raise SpecError(f"format is {format!r}; expected one of {', '.join(FORMATS)}.")
    path = Path(path)
    context = _context(options)
    raw = read_raw_file(path)
    if format in _TRACES or (format is None and not context.mapping and what in (None, "contacts") and is_trace(raw.data)):
        return [_read_trace(raw, format, context)]
    source = None if context.mapping and format is None else find_source(raw, format)
    if source is not None:
        return [finish(raw, source, table, context) for table in source.read(raw, context)]
    found = [parse_table(raw, table, context) for table in read_raw_tables(raw, context)]
    return sorted(found, key=lambda one: -one.frame.height)


def _context(options: ReadOptions) -> ReadContext:
    """The options as readers take them."""
    now = options.get("now") or datetime.now(UTC)
    zone = options.get("timezone")
    return ReadContext(
        now=now.replace(tzinfo=UTC) if now.tzinfo is None else now,
        mapping=options.get("mapping") or {},
        what=options.get("what"),
        encoding=options.get("encoding"),
        dayfirst=options.get("dayfirst"),
        skip_bad=options.get("skip_bad", False),
        zone=None if zone is None else ZoneInfo(zone_name(zone)),
        statuses={fold_words(word): there for word, there in (options.get("statuses") or {}).items()},
    )


def _read_trace(raw: RawFile, format: str | None, context: ReadContext) -> ParsedFile:
    """A contact trace of research, which has no header."""
    text, used = decode_text(raw, context.encoding)
    rows, layout = parse_trace(text, format, printable(raw.path.name), context)
    if not rows.frame.height:
        why = "; ".join(f"{count:,} {reason}" for reason, count in rows.skipped.items())
        raise DataError(f"{rows.where}: none of its {rows.read:,} rows is left ({why}); expected at least one. Check the file.")
    name, places = _TRACES[layout]
    mapping = {column: f"field {k}" for column, k in zip(("time", "a", "b"), places, strict=True)}
    return ParsedFile(
        raw.path, "contacts", name, rows.frame, mapping, rows.read, used.upper(), raw.sha256, rows.skipped, rows.notes
    )


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
