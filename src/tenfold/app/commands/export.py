"""`tenfold export`: take everything out again, for a spreadsheet or for research."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.app.actions.community import load_community
from tenfold.app.actions.outputs import open_community, write_outputs
from tenfold.app.actions.saved_plan import last_plan
from tenfold.app.actions.tasks import research_tasks
from tenfold.app.terminal.options import at_option, force_option, half_life_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["export_command"]

TABLES = ("people", "contacts", "attendance", "bonds", "standing", "tasks")
"""What is exported besides the last plan."""


@click.command("export", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@at_option
@half_life_option
@force_option
@pass_session
def export_command(session: Session, folder: Path, format_: str, at: str | None, half_life: str, force: bool) -> None:
    """Write people, contacts, attendance, bonds, standing, tasks and the last plan into FOLDER, one file each.

    The first three import again to the same community.
    """
    from tenfold.report.folder import OutputFolder
    from tenfold.report.tables import table_file

    output = OutputFolder(folder, command=f"export --format {format_}", force=force)
    output.check(f"{name}.{format_}" for name in TABLES)
    with open_community(session.db, command="tenfold export", write=False, on_note=session.print_note) as store:
        community = load_community(store, at=at, half_life=half_life, details=True)
        frames = store.canonical_tables() | {
            "bonds": community.bonds.table,
            "standing": community.standing,
            "tasks": research_tasks(store),
        }
        saved = last_plan(store)
    if saved is not None:
        frames |= {f"plan_{name}": frame for name, frame in saved.tables.items()}
    files = [table_file(f"{name}.{format_}", frame) for name, frame in frames.items()]
    written = write_outputs(output, files, on_note=session.print_note)
    session.print_lines(f"{len(written)} files in {folder}: {', '.join(path.name for path in written)}")
    session.print_json({"folder": folder, "files": written})
