"""Tables as people have them: from the cells below a header to canonical tables, with what was understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers import canonical_tables
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.header_matching import COLUMNS, GUESS, explicit_columns, printable_headers, refuse_headers
from tenfold.people.readers.heading import SAMPLE, Heading
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.registers import melt_register
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.table_formats import RawTable
from tenfold.people.readers.understanding import ColumnReading, Understanding
from tenfold.people.readers.vocabulary import normalise_header, total_words

__all__ = ["parse_table"]

LOCKS = {"rule", "person", "with"}
_PLAIN_SHEET = re.compile(
    r"(?:sheet|tabelle|blatt|feuil(?:le)?|hoja|planilha|folha|foglio|blad|arkusz|лист|аркуш|גיליון|ورقة|trang tính)\s*[0-9]*",
    re.IGNORECASE,
)


def parse_table(raw: RawFile, table: RawTable, context: ReadContext) -> ParsedFile:
    """The canonical table of one raw table; raises where its header makes no complete table."""
    where = printable(raw.path.name) + (
        f" sheet '{printable(table.sheet, 40)}'" if table.sheet and not _PLAIN_SHEET.fullmatch(table.sheet) else ""
    )
    headers = [one for one in table.table.columns if one != ROW_NUMBER]
    if {normalise_header(header) for header in headers} == LOCKS:
        raise DataError(
            f"{where}: is a file of locks; expected people, contacts or attendance. Give it to the plan: tenfold plan --locks."
        )
    given, absent = explicit_columns(headers, context.mapping)
    heading = table.heading
    if heading is None:
        cells = {header: _texts(table.table[header]) for header in headers}
        _refuse_absent(absent, headers, where)
        raise refuse_headers(headers, given, context.what, cells, where)
    _refuse_absent(
        {
            column: header
            for column, header in absent.items()
            if column in COLUMNS[heading.match.kind] and column not in heading.match.found
        },
        headers,
        where,
    )
    kind = heading.match.kind
    if not table.table.height and not _is_own(heading, headers):
        raise DataError(f"{where}: has a header and no rows; expected at least one row below it. Add one.")
    rows, mapping = _rows(raw.path, table, heading, context, where)
    frame, named = _parse(kind, rows, mapping, register=bool(heading.days))
    if not frame.height and table.table.height:
        why = "; ".join(f"{count:,} {reason}" for reason, count in rows.skipped.items())
        raise DataError(f"{where}: none of its {rows.read:,} rows is left ({why}); expected at least one. Check the file.")
    if not table.table.height:
        rows.notes.append("has a header and no rows")
    rows.notes += [f"--map names the header '{printable(one, 40)}', which is not there" for one in absent.values()]
    understanding = _understanding(table, heading, headers, rows)
    if understanding.unused:
        rows.notes.append(f"not used: {printable_headers(understanding.unused)}")
    return ParsedFile(
        raw.path,
        kind,
        table.format,
        frame,
        _canonical(kind, mapping),
        rows.read,
        table.encoding,
        raw.sha256,
        rows.skipped,
        rows.notes,
        understanding,
        named,
        kind == "people" and "id" not in mapping,
    )


def _parse(kind: str, rows: RowValidator, mapping: dict[str, str], *, register: bool) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    if kind == "people":
        return canonical_tables.parse_people(rows)
    if kind == "contacts":
        return canonical_tables.parse_contacts(rows, mapping)
    return canonical_tables.parse_attendance(rows, mapping, register=register)


def _canonical(kind: str, mapping: dict[str, str]) -> dict[str, str]:
    """The headers by canonical column: a name may be made of two, a person be named by name."""
    found = {column: header.rstrip("\x00") for column, header in mapping.items()}
    parts = [found.pop(part) for part in ("first_name", "last_name") if part in found]
    if parts and "name" not in found:
        found["name"] = " + ".join(parts)
    time = {"contacts": "time", "attendance": "start"}.get(kind, "")
    if "clock" in found and time in found:
        found[time] = f"{found[time]} + {found['clock']}"
    if kind == "attendance" and "person" not in found:
        found["person"] = found.get("name") or found.get("email", "")
    if kind == "attendance" and found.get("person") == found.get("name"):
        found.pop("name", None)
    return {column: found[column] for column in COLUMNS[kind] if column in found}


def _refuse_absent(absent: dict[str, str], headers: Sequence[str], where: str) -> None:
    """Refuse a mapping of a header that is not there, where its column is found in no other way."""
    for header in absent.values():
        raise DataError(
            f"{where}: --map names the header '{printable(header)}', which is not there; "
            f"the headers are {printable_headers(headers)}. Correct it."
        )


def _is_own(heading: Heading, headers: Sequence[str]) -> bool:
    """Whether a header is one that Tenfold writes: its table may be empty."""
    return not heading.days and set(headers) <= set(COLUMNS[heading.match.kind]) and len(headers) > 2


def _texts(column: pl.Series) -> list[str | None]:
    return column.head(SAMPLE).cast(pl.String, strict=False).to_list()


def _rows(path: Path, table: RawTable, heading: Heading, context: ReadContext, where: str) -> tuple[RowValidator, dict[str, str]]:
    """The rows under canonical names, and the header of each."""
    mapping = dict(heading.match.found)
    title = _title(path, table)
    if heading.days:
        sideways = heading.days[0].person
        people, totals = _without_totals(table.table, heading)
        frame = melt_register(people, heading, title)
        first, last = heading.days[0].header, heading.days[-1].header
        mapping |= {"name" if sideways else "start": first if len(heading.days) == 1 else f"{first} … {last}"}
    else:
        frame = table.table.select(ROW_NUMBER, *(pl.col(header).alias(column) for column, header in mapping.items()))
    rows = RowValidator(frame, where, context, spreadsheet=table.spreadsheet, epoch_1904=table.epoch_1904)
    if heading.days and sideways:
        rows.remarks.guesses.append(f"person: the columns {printable_headers([day.header for day in heading.days])} are people")
    if heading.days and totals:
        rows.notes.append(f"{totals} rows sum up the others and are left out")
    if not table.spreadsheet and any(column in mapping for column in ("time", "start", "joined")) and not heading.days:
        rows.spreadsheet = _holds_serials(frame)
    if heading.match.kind == "attendance" and "event" not in frame.columns:
        rows.frame = rows.frame.with_columns(event=pl.lit(title))
    if (
        heading.match.kind == "attendance"
        and "event" not in heading.match.found
        and not (heading.days and all(day.event for day in heading.days))
    ):
        rows.remarks.guesses.append(f"event: '{printable(title, 60)}', after the {'sheet' if title == table.sheet else 'file'}")
    return rows, mapping


def _without_totals(table: pl.DataFrame, heading: Heading) -> tuple[pl.DataFrame, int]:
    """A register without the rows at its end that sum up the others, and how many these are."""
    first = table[next(iter(heading.match.found.values()))].cast(pl.String)
    words = [one for one in first.tail(3).drop_nulls() if normalise_header(one) in total_words()]
    last = pl.Series(range(table.height)) >= table.height - 3
    total = (first.is_in(words) & last).fill_null(False)
    return table.filter(~total), int(total.sum())


def _holds_serials(frame: pl.DataFrame) -> bool:
    """Whether the times of a text are days of a spreadsheet that was saved with its dates as numbers."""
    columns = [name for name in ("time", "start", "joined") if name in frame.columns and frame[name].dtype == pl.String]
    return any(
        bool(frame[name].drop_nulls().head(SAMPLE).str.contains(r"^[2-7][0-9]{4}(?:\.[0-9]+)?$").all()) for name in columns
    )


def _title(path: Path, table: RawTable) -> str:
    """What a table without a name for its gatherings is called: by its sheet, the line above it, or its file."""
    if table.sheet and not _PLAIN_SHEET.fullmatch(table.sheet.strip()):
        return table.sheet.strip()
    if table.above and len(table.above[0]) <= 60:
        return table.above[0].strip()
    name = path.name
    for suffix in (".gz", ".csv", ".tsv", ".txt", ".xlsx", ".parquet"):
        name = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    return name.strip() or "gathering"


def _understanding(table: RawTable, heading: Heading, headers: Sequence[str], rows: RowValidator) -> Understanding:
    """What was found out about a table, for the preview."""
    by_header = {header: column for column, header in heading.match.found.items()}
    days = {day.header: "person" if day.person else "start" for day in heading.days}
    columns = tuple(
        ColumnReading(
            header if not header.endswith("\x00") else f"({header[:-1]})",
            days.get(header) or by_header.get(header),
            header in by_header and heading.match.level.get(by_header[header]) == GUESS,
        )
        for header in headers
        if not (header.endswith("\x00") and table.table[header].null_count() == table.table.height)
    )
    guesses = [f"'{printable(one.header, 40)}' is taken for {one.column}" for one in columns if one.guess]
    remarks = rows.remarks
    return Understanding(
        table.sheet,
        table.heading_row,
        columns,
        tuple(remarks.statuses),
        remarks.date_order,
        remarks.zone,
        (*guesses, *remarks.guesses, *table.notes),
        tuple(remarks.questions),
    )
