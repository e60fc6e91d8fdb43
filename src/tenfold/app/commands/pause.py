"""`tenfold pause`: leave a person in peace for a while."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from tenfold.app.actions.dates import read_day
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError

__all__ = ["pause_command"]


@click.command("pause", cls=Command)
@click.argument("person")
@click.option("--until", metavar="DATE", help="The last day of the pause. [default: until resumed]")
@pass_session
def pause_command(session: Session, person: str, until: str | None) -> None:
    """Leave PERSON in peace: no plan includes them, and they are not counted as lost."""
    day: date | None = read_day(until, "--until", datetime.now(UTC)) if until is not None else None
    if day is not None and day <= datetime.now(UTC).date():
        raise SpecError(f"pause: --until {day} is not in the future; give a later day, or leave it out.")
    with open_community(session.db, command="tenfold pause", write=True, on_note=session.print_note) as store:
        who = store.find_person(person)
        store.pause(who, day)
        name = store.name_of(who)
        store.words = f"{name} until {day or 'they resume'}"
    session.print_lines(f"{name} is paused until {day or 'they resume'}.")
    session.print_json({"person": who, "until": day})
