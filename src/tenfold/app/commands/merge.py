"""`tenfold merge`: say that two on the list are one person."""

from __future__ import annotations

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import DataError

__all__ = ["merge_command"]


@click.command("merge", cls=Command)
@click.argument("keep")
@click.argument("drop")
@pass_session
def merge_command(session: Session, keep: str, drop: str) -> None:
    """Say that DROP is KEEP under another name: contacts and names of DROP go over to KEEP."""
    with open_community(session.db, command="tenfold merge", write=True, on_note=session.print_note) as store:
        one, other = store.find_person(keep), store.find_person(drop)
        if one == other:
            raise DataError(f"merge: '{keep}' and '{drop}' are the same person already.")
        names = store.name_of(other), store.name_of(one)
        store.merge(one, other)
        store.words = f"{names[0]} ({other}) is {names[1]} ({one})"
    session.print_lines(f"{names[0]} ({other}) is now {names[1]} ({one}).")
    session.print_json({"keep": one, "drop": other})
