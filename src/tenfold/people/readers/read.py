"""Read a file: sniff what it is, hand it to its reader, and tell what was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tenfold.errors import DataError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.readers import canonical, traces
from tenfold.people.readers.files import decode, read_raw
from tenfold.people.readers.headers import COLUMNS, match_headers
from tenfold.people.readers.reading import Reading
from tenfold.people.readers.rows import Rows
from tenfold.people.readers.sheets import ROW, read_sheet
from tenfold.people.roster import People

__all__ = ["FORMATS", "read_contacts", "read_file", "read_people"]

FORMATS = ("table", "sociopatterns", "snap")
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
        ``"table"``, ``"sociopatterns"`` (t i j) or ``"snap"`` (i j t); by default what the file looks like.
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
    """
    if what is not None and what not in COLUMNS:
        raise SpecError(f"what is {what!r}; expected one of {', '.join(COLUMNS)}.")
    if format is not None and format not in FORMATS:
        raise SpecError(f"format is {format!r}; expected one of {', '.join(FORMATS)}.")
    path = Path(path)
    now = now or datetime.now(UTC)
    raw = read_raw(path)
    packed = raw.data[:4] in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    if format in ("sociopatterns", "snap") or (format is None and not packed and not mapping and what in (None, "contacts")):
        text, used = decode(raw, encoding)
        if format is not None or traces.is_trace(text):
            frame, name, read, skipped = traces.parse_trace(text, format, path.name)
            fields = ("time", "a", "b")
            places = (1, 2, 3) if name.startswith("Socio") else (3, 1, 2)
            found = {column: f"field {place}" for column, place in zip(fields, places, strict=True)}
            return Reading(path, "contacts", name, frame, found, read, used.upper(), raw.sha256, skipped)
    sheet, name, used = read_sheet(raw, encoding)
    headers = [one for one in sheet.columns if one != ROW]
    kind, found, unused = match_headers(headers, mapping, what, path.name)
    if not sheet.height:
        raise DataError(f"{path.name}: has a header and no rows; expected at least one row below it.")
    renamed = sheet.select(ROW, *(pl.col(header).alias(column) for column, header in found.items()))
    rows = Rows(renamed, path.name, skip_bad=skip_bad)
    frame = _PARSERS[kind](rows, dayfirst, now)
    if unused:
        rows.notes.append("not used: " + ", ".join(f"'{one[:40]}'" for one in unused[:10]) + (" …" if len(unused) > 10 else ""))
    if not frame.height:
        raise DataError(f"{path.name}: no row is left of {rows.read}; skipped: {rows.skipped}. Check the file.")
    return Reading(path, kind, name, frame, found, rows.read, used, raw.sha256, rows.skipped, rows.notes)


def read_people(
    path: str | Path,
    *,
    mapping: dict[str, str] | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
    skip_bad: bool = False,
) -> People:
    """Read a list of people.

    Parameters
    ----------
    path, mapping, encoding, dayfirst, skip_bad
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
        read_file(path, mapping=mapping, what="people", encoding=encoding, dayfirst=dayfirst, skip_bad=skip_bad).frame
    )


def read_contacts(
    path: str | Path,
    format: str | None = None,
    *,
    mapping: dict[str, str] | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
    skip_bad: bool = False,
) -> Contacts:
    """Read contacts between people, or attendance of gatherings.

    Parameters
    ----------
    path, format, mapping, encoding, dayfirst, skip_bad
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
    reading = read_file(path, mapping=mapping, format=format, encoding=encoding, dayfirst=dayfirst, skip_bad=skip_bad)
    if reading.what == "people":
        raise DataError(
            f"{reading.path.name}: is a list of people; expected contacts (time, a, b) or attendance (event, start, person)."
        )
    frame = reading.frame
    if reading.what == "contacts":
        columns = [name for name in ("time", "a", "b", "kind", "minutes") if name in frame.columns]
        return Contacts(frame.select(columns), skipped=reading.skipped)
    named = frame.with_columns(gathering=pl.format("{} @ {}", "event", pl.col("start").dt.to_string("%Y-%m-%dT%H:%M:%SZ")))
    found = Contacts.from_gatherings(named, time="start", person="person", gathering="gathering")
    return Contacts(found.table, found.gatherings, reading.skipped)
