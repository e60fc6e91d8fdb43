"""`tenfold resume`: end a pause."""

from __future__ import annotations

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["resume_command"]


@click.command("resume", cls=Command)
@click.argument("person")
@pass_session
def resume_command(session: Session, person: str) -> None:
    """End the pause of PERSON."""
    with open_community(session.db, command="tenfold resume", write=True, on_note=session.print_note) as store:
        who = store.find_person(person)
        store.resume(who)
        name = store.words = store.name_of(who)
    session.print_lines(f"{name} is no longer paused.")
    session.print_json({"person": who})
