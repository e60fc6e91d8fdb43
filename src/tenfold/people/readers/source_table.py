"""What a reader of one kind of export gives: a table under canonical names, still to be validated row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.canonical_tables import parse_attendance, parse_contacts, parse_people
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.understanding import ColumnReading, Understanding

__all__ = ["Source", "SourceTable", "finish"]


@dataclass(frozen=True)
class SourceTable:
    """A table of an export: `what` it is, its rows under canonical names, and where each column comes from.

    `named`: who the labels of its rows are (`label`, `name`, `email`). `skipped`: messages and rows that are none of these, by reason.
    """

    what: str
    frame: pl.DataFrame
    mapping: Mapping[str, str]
    named: pl.DataFrame | None = None
    read: int | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    guesses: Sequence[str] = ()
    heading_row: int | None = None
    encoding: str = "UTF-8"


@dataclass(frozen=True)
class Source:
    """A kind of export: its name for `--format`, its title, how it is recognised by its content, and how it is read."""

    name: str
    title: str
    recognises: Callable[[RawFile], bool]
    read: Callable[[RawFile, ReadContext], list[SourceTable]]


def finish(raw: RawFile, source: Source, table: SourceTable, context: ReadContext) -> ParsedFile:
    """Validate the rows of a table."""
    frame = table.frame if ROW_NUMBER in table.frame.columns else table.frame.with_row_index(ROW_NUMBER, offset=1)
    rows = RowValidator(frame, printable(raw.path.name), context)
    rows.skipped |= table.skipped
    mapping = dict(table.mapping)
    if table.what == "people":
        parsed, named = parse_people(rows)
    elif table.what == "contacts":
        parsed, named = parse_contacts(rows, mapping)
    else:
        parsed, named = parse_attendance(rows, mapping)
    if not parsed.height and frame.height:
        why = "; ".join(f"{count:,} {reason}" for reason, count in rows.skipped.items())
        raise DataError(f"{rows.where}: none of its {rows.read:,} rows is left ({why}); expected at least one. Check the file.")
    remarks = rows.remarks
    understanding = Understanding(
        heading_row=table.heading_row,
        columns=tuple(ColumnReading(header, column) for column, header in mapping.items()),
        statuses=tuple(remarks.statuses),
        date_order=remarks.date_order,
        zone=remarks.zone,
        guesses=(*table.guesses, *remarks.guesses),
        questions=tuple(remarks.questions),
    )
    found = ParsedFile(
        raw.path,
        table.what,
        source.title,
        parsed,
        mapping,
        rows.read if table.read is None else table.read,
        table.encoding,
        raw.sha256,
        rows.skipped,
        [*table.notes, *rows.notes],
        understanding,
    )
    return replace(
        found, named=table.named if table.named is not None else named, made_ids=table.what == "people" and "id" not in mapping
    )
