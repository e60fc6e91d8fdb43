"""`tenfold import`: import files into the community file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tenfold.app.terminal.import_files import import_files
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError

__all__ = ["import_command"]


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
    session.print_json({"db": session.db, "files": document, "written": not dry_run})
