"""`tenfold check`: test the community file, and write what is whole of a damaged one into a new file."""

from __future__ import annotations

import click

from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import StoreError

__all__ = ["check_command"]


@click.command("check", cls=Command)
@click.option("--repair", is_flag=True, help="Write what is whole into NAME-repaired.db beside the file, and say what is lost.")
@pass_session
def check_command(session: Session, repair: bool) -> None:
    """Test the community file: its pages, its tables, every value and every plan. The file itself is never changed."""
    from tenfold.people.store.check import check_file, repair_file

    db = session.db
    target = db.with_name(f"{db.stem}-repaired{db.suffix}")
    with session.progress(20) as step:
        found = repair_file(db, target, step) if repair else check_file(db, step)
    rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in found.rows.items())
    session.print_lines(f"{db}: version {found.version} of the file. Rows that can be used: {rows}.", *found.words())
    session.print_json(
        {
            "db": db,
            "version": found.version,
            "whole": found.is_whole,
            "rows": found.rows,
            "damage": found.damage,
            "mended": found.mended,
            "lost": found.lost,
            "repaired": target if repair else None,
        }
    )
    if repair:
        session.print_lines(
            f"What is whole is in {target}; {db} is as it was. To go on with it: move {db} away, and give {target.name} its name."
        )
    elif found.is_whole:
        session.print_lines("Nothing is wrong with it.")
    else:
        raise StoreError(
            f"{db}: {len(found.words())} kinds of faults were found; tenfold check --repair writes what is whole into {target.name}."
        )
