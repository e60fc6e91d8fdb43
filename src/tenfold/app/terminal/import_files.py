"""Import files, with messages on the terminal: what was understood, and how many rows were kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tenfold.app.terminal.session import Session
from tenfold.people.readers import ParsedFile
from tenfold.people.store import ImportCounts

__all__ = ["import_files"]


def import_files(
    session: Session, files: tuple[Path, ...], options: dict[str, Any], *, strict: bool = False, dry_run: bool = False
) -> list[dict[str, object]]:
    """Read all files, with the keywords of `read_file` in `options`, and store them; returns a JSON document for each.

    The report comes when all is stored, so that no trouble with it leaves files half reported and not stored.
    """
    from tenfold.app.actions.import_files import read_files, store_files

    with session.progress(2 * len(files)) as step:
        parsed_files = read_files(files, options, progress=step)
        counts: list[ImportCounts] = []
        if not dry_run:
            counts = store_files(session.db, parsed_files, strict=strict, progress=step, on_note=session.print_note)
    for parsed in parsed_files:
        _print_parsed(session, parsed)
    if dry_run:
        session.print_lines("Nothing was written (--dry-run).")
        return [
            {"file": one.path, "what": one.what, "format": one.format, "read": one.read, "preview": one.preview}
            for one in parsed_files
        ]
    for parsed, count in zip(parsed_files, counts, strict=True):
        _print_counts(session, parsed, count)
    return [_document(parsed, count) for parsed, count in zip(parsed_files, counts, strict=True)]


def _print_parsed(session: Session, parsed: ParsedFile) -> None:
    """How a file was understood, and its first rows."""
    columns = ", ".join(f"{header} → {name}" if header != name else name for name, header in parsed.mapping.items())
    session.print_lines(f"{parsed.path.name}: {parsed.what}, {parsed.format}, {parsed.encoding}", f"  columns: {columns}")
    session.print_table("", parsed.preview[:, :7])
    for line in parsed.notes:
        session.print_note(f"  note: {line}")


def _print_counts(session: Session, parsed: ParsedFile, counts: ImportCounts) -> None:
    """How many rows of a file were kept, and a warning about new people."""
    session.print_lines(
        f"{parsed.path.name}: {counts.read} rows read, {counts.kept} {parsed.what} kept, {counts.known} already there, "
        f"{sum(counts.skipped.values())} skipped" + "".join(f"; {count} {why}" for why, count in counts.skipped.items())
    )
    if counts.new_people and parsed.what != "people":
        names = ", ".join(counts.new_people[:5]) + (", …" if len(counts.new_people) > 5 else "")
        verb = "were" if len(counts.new_people) > 1 else "was"
        session.print_note(
            f"  warning: {len(counts.new_people)} not on the list {verb} added as new people: {names} (--strict refuses them)"
        )


def _document(parsed: ParsedFile, counts: ImportCounts) -> dict[str, object]:
    """The JSON document of a file that was stored."""
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
    }
