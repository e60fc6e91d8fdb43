"""`tenfold log`: record a contact between two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from tenfold import checks
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import DataError, SpecError

__all__ = ["log_command"]


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
    with open_community(session.db, command="tenfold log", write=True, on_note=session.print_note) as store:
        one, other = store.find_person(a), store.find_person(b)
        if one == other:
            raise DataError(f"log: '{a}' and '{b}' are the same person; a contact needs two.")
        store.log_contact(one, other, time=time, kind=kind, minutes=minutes)
    session.print_lines(f"Recorded: {one} → {other}, {kind}, {time:%Y-%m-%d %H:%M} UTC.")
    session.print_json({"a": one, "b": other, "kind": kind, "minutes": minutes, "time": time})
