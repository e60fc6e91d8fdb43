"""`tenfold undo`: take back what a command did."""

from __future__ import annotations

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["undo_command"]


@click.command("undo", cls=Command)
@click.argument("number", type=click.IntRange(1))
@pass_session
def undo_command(session: Session, number: int) -> None:
    """Take back, whole, what the command with that NUMBER in `tenfold history` changed: an import, a log, a merge, a pause, a decision.

    It is as if that had never been done. Where a later command rests on it, that one is named, and nothing is changed. An undo is in the
    history as well, and can be undone.
    """
    with open_community(session.db, command="tenfold undo", write=True, on_note=session.print_note) as store:
        words = store.undo(number)
        store.words = f"{number}: {words}"
    session.print_lines(f"Undone: {number}, {words}." if words else f"Undone: {number}.")
    session.print_json({"undone": number, "words": words})
