"""`tenfold export`: take everything out again, for a spreadsheet or for research."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.app.actions.community import load_community
from tenfold.app.terminal.options import at_option, half_life_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.people.store import open_store

__all__ = ["export_command"]


@click.command("export", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@at_option
@half_life_option
@pass_session
def export_command(session: Session, folder: Path, format_: str, at: str | None, half_life: str) -> None:
    """Write people, contacts, attendance, bonds, standing and the last plan into FOLDER, one file each."""
    from tenfold.report.tables import write_table

    with open_store(session.db, command="tenfold export", write=False) as store:
        community = load_community(store, at=at, half_life=half_life)
        saved = store.last_plan()
    frames = {
        "people": community.people.table,
        "contacts": community.contacts.table,
        "attendance": community.contacts.gatherings,
        "bonds": community.bonds.table,
        "standing": community.standing,
    }
    if saved is not None:
        frames |= {f"plan_{name}": frame for name, frame in saved.tables.items()}
    written = [write_table(folder / f"{name}.{format_}", frame) for name, frame in frames.items()]
    session.print_lines(f"{len(written)} files in {folder}: {', '.join(path.name for path in written)}")
    session.print_json({"folder": folder, "files": written})
