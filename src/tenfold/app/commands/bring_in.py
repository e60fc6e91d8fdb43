"""`tenfold import`: bring files into the community file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tenfold.app.session import Command, Session, pass_session
from tenfold.errors import SpecError

__all__ = ["import_command", "import_files"]


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map", "mapping", multiple=True, metavar='"HEADER=COLUMN"', help='Say what a header means, such as "Full name=name".'
)
@click.option("--what", type=click.Choice(["people", "contacts", "attendance"]), help="What the files hold, if it is not plain.")
@click.option("--format", "format_", help="The format: csv, tsv, xlsx, parquet, sociopatterns or snap.")
@click.option("--encoding", help="The encoding of text files, such as cp1252. [default: UTF-8, or UTF-16 with its mark]")
@click.option("--dayfirst/--monthfirst", default=None, help="How to read 03/04/2026, where nothing in the column decides.")
@click.option("--strict", is_flag=True, help="Refuse contacts of people who are not on the list.")
@click.option("--skip-bad", is_flag=True, help="Leave bad rows out and count them, instead of refusing the file.")
@click.option("--dry-run", is_flag=True, help="Show what would be read, and write nothing.")
@pass_session
def import_command(
    session: Session,
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    what: str | None,
    format_: str | None,
    encoding: str | None,
    dayfirst: bool | None,
    strict: bool,
    skip_bad: bool,
    dry_run: bool,
) -> None:
    """Bring in lists of people, contacts and attendance. Importing a file twice adds nothing."""
    given = {}
    for one in mapping:
        header, equals, column = one.rpartition("=")
        if not equals or not header.strip() or not column.strip():
            raise SpecError(f'--map \'{one}\' is no mapping; expected "HEADER=COLUMN", such as "Full name=name".')
        given[header.strip()] = column.strip()
    options: dict[str, Any] = {
        "mapping": given or None,
        "what": what,
        "format": format_,
        "dayfirst": dayfirst,
        "skip_bad": skip_bad,
        "encoding": encoding,
    }
    document = import_files(session, files, options, strict=strict, dry_run=dry_run)
    session.result({"db": session.db, "files": document, "written": not dry_run})


def import_files(
    session: Session, files: tuple[Path, ...], options: dict[str, Any], *, strict: bool = False, dry_run: bool = False
) -> list[dict[str, object]]:
    """Read all files, then write them in one transaction: people first, so that contacts find them."""
    from tenfold.people.readers import read_file
    from tenfold.people.store import open_store

    order = {"people": 0, "attendance": 1, "contacts": 2}
    with session.progress(2 * len(files)) as step:
        readings = []
        for path in files:
            step(f"reading {path.name}")
            readings.append(read_file(path, **options))
        readings.sort(key=lambda one: order[one.what])
        document: list[dict[str, object]] = []
        for reading in readings:
            columns = ", ".join(f"{header} → {name}" if header != name else name for name, header in reading.mapping.items())
            session.say(f"{reading.path.name}: {reading.what}, {reading.format}, {reading.encoding}", f"  columns: {columns}")
            session.show("", reading.preview[:, :7])
            for line in reading.notes:
                session.note(f"  note: {line}")
        if dry_run:
            session.say("Nothing was written (--dry-run).")
            return [
                {"file": one.path, "what": one.what, "format": one.format, "read": one.read, "preview": one.preview}
                for one in readings
            ]
        with open_store(session.db, command="tenfold import", write=True, create=True, on_wait=session.note) as store:
            for reading in readings:
                step(f"writing {reading.path.name}")
                added = store.import_file(reading, at=datetime.now(UTC), strict=strict)
                skipped = {**added.skipped}
                session.say(
                    f"{reading.path.name}: {added.read} rows read, {added.kept} {reading.what} kept, {added.known} already there, "
                    f"{sum(skipped.values())} skipped" + "".join(f"; {count} {why}" for why, count in skipped.items())
                )
                if added.new_people and reading.what != "people":
                    names = ", ".join(added.new_people[:5]) + (", …" if len(added.new_people) > 5 else "")
                    verb = "were" if len(added.new_people) > 1 else "was"
                    session.note(
                        f"  warning: {len(added.new_people)} not on the list {verb} added as new people: {names} (--strict refuses them)"
                    )
                document.append(
                    {
                        "file": reading.path,
                        "what": reading.what,
                        "format": reading.format,
                        "mapping": reading.mapping,
                        "read": added.read,
                        "kept": added.kept,
                        "known": added.known,
                        "skipped": skipped,
                        "new_people": added.new_people,
                        "notes": reading.notes,
                        "preview": reading.preview,
                        "sha256": reading.sha256,
                    }
                )
    return document
