"""Commands that record what people did or asked: log, pause, resume, merge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import click

from tenfold import checks
from tenfold.app.session import Command, Session, pass_session
from tenfold.errors import DataError, SpecError
from tenfold.people.store import open_store

__all__ = ["log_command", "merge_command", "pause_command", "resume_command"]


@click.command("log", cls=Command)
@click.argument("a")
@click.argument("b")
@click.option("--kind", default="call", show_default=True, help="call, message, visit, meet, …")
@click.option("--minutes", type=float, help="How long it took.")
@click.option("--at", metavar="TIME", help="When it was. [default: now]")
@pass_session
def log_command(session: Session, a: str, b: str, kind: str, minutes: float | None, at: str | None) -> None:
    """Record that A was in contact with B (ids or names): what was due between them starts anew."""
    now = datetime.now(UTC).replace(microsecond=0)
    time = now if at is None else checks.moment(at, "--at")
    if time > now + timedelta(days=1):
        raise DataError(f"log: --at {time:%Y-%m-%d %H:%M} is in the future; give the time at which the contact was.")
    if minutes is not None and not 0 <= minutes <= 1e6:
        raise SpecError(f"log: --minutes is {minutes:g}; expected 0 or more.")
    with open_store(session.db, command="tenfold log", write=True, on_wait=session.note) as store:
        one, other = store.find_person(a), store.find_person(b)
        if one == other:
            raise DataError(f"log: '{a}' and '{b}' are the same person; a contact needs two.")
        store.log_contact(one, other, time=time, kind=kind, minutes=minutes)
    session.say(f"Recorded: {one} → {other}, {kind}, {time:%Y-%m-%d %H:%M} UTC.")
    session.result({"a": one, "b": other, "kind": kind, "minutes": minutes, "time": time})


@click.command("pause", cls=Command)
@click.argument("person")
@click.option("--until", metavar="DATE", help="The last day of the pause. [default: until resumed]")
@pass_session
def pause_command(session: Session, person: str, until: str | None) -> None:
    """Leave PERSON in peace: no plan includes them, and they are not counted as lost."""
    day: date | None = checks.moment(until, "--until").date() if until is not None else None
    if day is not None and day <= datetime.now(UTC).date():
        raise SpecError(f"pause: --until {day} is not in the future; give a later day, or leave it out.")
    with open_store(session.db, command="tenfold pause", write=True, on_wait=session.note) as store:
        who = store.find_person(person)
        store.pause(who, day)
    session.say(f"{who} is paused until {day or 'they resume'}.")
    session.result({"person": who, "until": day})


@click.command("resume", cls=Command)
@click.argument("person")
@pass_session
def resume_command(session: Session, person: str) -> None:
    """End the pause of PERSON."""
    with open_store(session.db, command="tenfold resume", write=True, on_wait=session.note) as store:
        who = store.find_person(person)
        store.resume(who)
    session.say(f"{who} is no longer paused.")
    session.result({"person": who})


@click.command("merge", cls=Command)
@click.argument("keep")
@click.argument("drop")
@pass_session
def merge_command(session: Session, keep: str, drop: str) -> None:
    """Say that DROP is KEEP under another name: contacts and names of DROP go over to KEEP."""
    with open_store(session.db, command="tenfold merge", write=True, on_wait=session.note) as store:
        one, other = store.find_person(keep), store.find_person(drop)
        if one == other:
            raise DataError(f"merge: '{keep}' and '{drop}' are the same person already.")
        store.merge(one, other)
    session.say(f"{other} is now {one}.")
    session.result({"keep": one, "drop": other})
