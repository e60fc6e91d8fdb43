"""`tenfold pseudonymise`: a copy that can be shared for research, under keyed pseudonyms."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenfold.app.actions.outputs import open_community, write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import StoreError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["pseudonymise_command"]

TIMES = {"day": timedelta(days=1), "hour": timedelta(hours=1), "exact": timedelta(microseconds=1_000_000)}


@click.command("pseudonymise", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), required=True, help="The file of the key; made if it is not there."
)
@click.option("--times", type=click.Choice(tuple(TIMES)), default="day", show_default=True, help="How exact times are.")
@force_option
@pass_session
def pseudonymise_command(session: Session, folder: Path, key_file: Path, times: str, force: bool) -> None:
    """Write people, contacts and attendance into FOLDER without names: each person is a pseudonym under the key.

    With the same key the same people have the same pseudonyms again. Keep the key apart from the copy: whoever has it can try names.
    Names, addresses, free hours and sources are left out, and so are languages, zones, places and roles that fewer than five people have.
    """
    from tenfold.people.pseudonyms import fresh_key, pseudonymise_tables, read_key
    from tenfold.report.folder import OutputFolder
    from tenfold.report.manifest import write_private
    from tenfold.report.tables import table_file

    output = OutputFolder(folder, command="pseudonymise", force=force)
    if key_file.resolve().is_relative_to(output.path):
        raise StoreError(f"{key_file}: lies in the folder that is shared; expected a place apart from it. Name another.")
    output.check(f"{name}.csv" for name in ("people", "contacts", "attendance"))
    with open_community(session.db, command="tenfold pseudonymise", write=False, on_note=session.print_note) as store:
        tables = store.canonical_tables()
    try:
        if made := not os.path.lexists(key_file):
            write_private(key_file, f"{fresh_key()}\n".encode(), sync=True)
        text = key_file.read_bytes()[:1000].decode("ascii", "replace")
    except OSError as error:
        raise StoreError(f"{key_file}: cannot be read or made ({error.strerror}). Name another file.") from None
    frames = pseudonymise_tables(tables, read_key(text, str(key_file)), every=TIMES[times])
    files = [table_file(f"{name}.csv", frame) for name, frame in frames.items()]
    written = write_outputs(output, files, on_note=session.print_note)
    many = _with_many_bonds(frames["contacts"])
    session.print_lines(
        f"{len(written)} files in {folder}: {', '.join(path.name for path in written)}",
        f"The key is {'made and ' if made else ''}in {key_file}: keep it apart from the copy, or remove it.",
        f"Pseudonyms are no anonymity: {many:,} of {frames['people'].height:,} people have more than ten bonds, and whoever knows a few of "
        "somebody's contacts can find them. Share it with those you trust, under an agreement.",
    )
    session.print_json(
        {"folder": folder, "files": written, "key": key_file, "made": made, "people_with_more_than_ten_bonds": many}
    )


def _with_many_bonds(contacts: pl.DataFrame) -> int:
    """How many people have more than ten bonds."""
    import polars as pl

    pairs = contacts.select(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).unique()
    degrees = pl.concat([pairs["a"], pairs["b"].alias("a")]).value_counts()["count"]
    return int((degrees > 10).sum())
