"""`tenfold import`: import files into the community file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tenfold.app.terminal.import_files import import_files
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError
from tenfold.people.printable import printable

__all__ = ["import_command"]


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map", "mapping", multiple=True, metavar='"HEADER=COLUMN"', help='Say what a header means, such as "Full name=name".'
)
@click.option("--what", type=click.Choice(["people", "contacts", "attendance"]), help="What the files hold, if it is not plain.")
@click.option("--format", "format_", help="The format, if it is not plain: table, zoom, whatsapp, …; an unknown one lists all.")
@click.option("--encoding", help="The encoding of text files, such as cp1252. [default: UTF-8, or UTF-16 with its mark]")
@click.option("--dayfirst/--monthfirst", default=None, help="How to read 03/04/2026, where nothing in the column decides.")
@click.option("--strict", is_flag=True, help="Refuse contacts of people who are not on the list.")
@click.option("--skip-bad", is_flag=True, help="Leave bad rows out and count them, instead of refusing the file.")
@click.option("--timezone", metavar="ZONE", help="The zone of times that name none, such as Europe/Berlin. [default: UTC]")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar='"WORD=there"',
    help='Say what a word of attendance means: "WORD=there" or "WORD=away".',
)
@click.option(
    "--preview",
    "--dry-run",
    "preview",
    is_flag=True,
    help="Show how the files are understood and what would be new, and write nothing.",
)
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
    timezone: str | None,
    statuses: tuple[str, ...],
    preview: bool,
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
        "timezone": timezone,
        "statuses": _meanings(statuses),
    }
    document = import_files(session, files, options, strict=strict, preview=preview)
    session.print_json({"db": session.db, "files": document, "written": not preview})


def _meanings(statuses: tuple[str, ...]) -> dict[str, bool]:
    """Whether each word of attendance means that somebody was there."""
    found = {}
    for one in statuses:
        word, equals, meaning = one.rpartition("=")
        if not equals or not word.strip() or meaning.strip() not in ("there", "away"):
            raise SpecError(f'--status \'{printable(one)}\' is no meaning; expected "WORD=there" or "WORD=away".')
        found[word.strip()] = meaning.strip() == "there"
    return found
