"""`tenfold backup`: a copy of the community file, made while others may work with it, and looked at before it counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["backup_command"]


@click.command("backup", cls=Command)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@pass_session
def backup_command(session: Session, file: Path | None, force: bool) -> None:
    """Copy the community file into FILE. [default: NAME-backup-DATE.db beside it]

    To put it back: copy FILE over the community file while no command of Tenfold runs.
    """
    db = session.db
    target = file if file is not None else db.with_name(f"{db.stem}-backup-{datetime.now(UTC):%Y-%m-%d}{db.suffix}")
    with open_community(db, command="tenfold backup", write=False, on_note=session.print_note) as store:
        store.backup(target, replace=force)
    size = target.stat().st_size
    session.print_lines(f"{target}: a whole copy of {db}, {size:,} bytes.")
    session.print_json({"db": db, "backup": target, "bytes": size})
