"""Import files, with messages on the terminal: what was understood, and how many rows were kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from tenfold.app.terminal.session import Session
from tenfold.people.readers import ParsedFile
from tenfold.people.store import ImportCounts

__all__ = ["import_files"]

MOST_LISTED = 5


def import_files(
    session: Session, files: tuple[Path, ...], options: dict[str, Any], *, strict: bool = False, preview: bool = False
) -> list[dict[str, object]]:
    """Read all files, with the keywords of `read_file` in `options`, and store them; returns a JSON document for each table.

    The report comes when all is stored, so that no trouble with it leaves files half reported and not stored.
    """
    from tenfold.app.actions.import_files import preview_files, read_files, store_files

    with session.progress(2 * len(files)) as step:
        parsed_files = read_files(files, options, progress=step)
        if preview:
            counts = preview_files(session.db, parsed_files, strict=strict)
        else:
            counts = store_files(session.db, parsed_files, strict=strict, progress=step, on_note=session.print_note)
    for parsed in parsed_files:
        _print_parsed(session, parsed)
    for parsed, count in zip(parsed_files, counts, strict=True):
        _print_counts(session, parsed, count, "would be kept" if preview else "kept")
    if preview:
        session.print_lines("Nothing was written (--preview).")
    return [_document(parsed, count) for parsed, count in zip(parsed_files, counts, strict=True)]


def _print_parsed(session: Session, parsed: ParsedFile) -> None:
    """How a file was understood, and its first rows."""
    understanding = parsed.understanding
    guessed = {one.column for one in understanding.columns if one.guess}
    columns = ", ".join(
        (f"{header} → {name}" if header != name else name) + (" (a guess)" if name in guessed else "")
        for name, header in parsed.mapping.items()
    )
    sheet = f", sheet {understanding.sheet}" if understanding.sheet else ""
    heading = f", header in row {understanding.heading_row}" if understanding.heading_row not in (None, 1) else ""
    session.print_lines(
        f"{parsed.path.name}: {parsed.what}, {parsed.format}, {parsed.encoding}{sheet}{heading}", f"  columns: {columns}"
    )
    session.print_table("", parsed.preview[:, :7])
    status = understanding.status_line()
    if status is not None:
        session.print_lines(f"  attendance: {status}")
    if understanding.zone is not None:
        session.print_lines(f"  times that name no zone are in {understanding.zone} (--timezone names another)")
    for line in parsed.notes:
        session.print_note(f"  note: {line}")
    for line in understanding.guesses:
        session.print_note(f"  guess: {line}")
    for line in understanding.questions:
        session.print_note(f"  question: {line}")


def _print_counts(session: Session, parsed: ParsedFile, counts: ImportCounts, kept: str) -> None:
    """How many rows of a file were kept, and a warning about new people."""
    session.print_lines(
        f"{parsed.path.name}: {counts.read} rows read, {counts.kept} {parsed.what} {kept}, {counts.known} already there, "
        f"{sum(counts.skipped.values())} skipped" + "".join(f"; {count} {why}" for why, count in counts.skipped.items())
    )
    if counts.new_people and parsed.what != "people":
        names = ", ".join(counts.new_people[:MOST_LISTED]) + (", …" if len(counts.new_people) > MOST_LISTED else "")
        verb = "were" if len(counts.new_people) > 1 else "was"
        session.print_note(
            f"  warning: {len(counts.new_people)} not on the list {verb} added as new people: {names} (--strict refuses them)"
        )
    for new, known, why in counts.may_be[:MOST_LISTED]:
        session.print_note(f"  question: is {new} the same as {known}? ({why}; tenfold merge says so)")
    for line in counts.guesses[:MOST_LISTED]:
        session.print_note(f"  guess: {line}")
    for line in counts.questions[:MOST_LISTED]:
        session.print_note(f"  question: {line}")
    more = len(counts.questions) + len(counts.guesses) - 2 * MOST_LISTED
    if more > 0:
        session.print_note("  and more of these; --json has all")


def _document(parsed: ParsedFile, counts: ImportCounts) -> dict[str, object]:
    """The JSON document of a table that was stored, or would be."""
    understanding = parsed.understanding
    return {
        "file": parsed.path,
        "what": parsed.what,
        "format": parsed.format,
        "mapping": parsed.mapping,
        "read": counts.read,
        "kept": counts.kept,
        "known": counts.known,
        "skipped": counts.skipped,
        "new_people": counts.new_people,
        "notes": parsed.notes,
        "preview": parsed.preview,
        "sha256": parsed.sha256,
        "sheet": understanding.sheet,
        "heading_row": understanding.heading_row,
        "columns": [asdict(one) for one in understanding.columns],
        "statuses": [asdict(one) for one in understanding.statuses],
        "date_order": understanding.date_order,
        "timezone": understanding.zone,
        "guesses": [*understanding.guesses, *counts.guesses],
        "questions": [*understanding.questions, *counts.questions],
        "may_be": [{"new": new, "known": known, "why": why} for new, known, why in counts.may_be],
    }
