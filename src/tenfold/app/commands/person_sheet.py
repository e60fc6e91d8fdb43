"""`tenfold person-sheet`: what is kept about one person."""

from __future__ import annotations

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.person_sheet import person_sheet, sheet_lines
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["person_sheet_command"]


@click.command("person-sheet", cls=Command)
@click.argument("person")
@pass_session
def person_sheet_command(session: Session, person: str) -> None:
    """Everything that the community file holds about PERSON, to give to them when they ask.

    Decisions about keeping people apart are left out, as they are about others as well; their number is said.
    """
    with open_community(session.db, command="tenfold person-sheet", write=False, on_note=session.print_note) as store:
        sheet = person_sheet(store, store.find_person(person))
    session.print_lines(*sheet_lines(sheet))
    session.print_json(sheet)
