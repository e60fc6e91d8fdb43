"""`tenfold log`: record a contact between two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import click

from tenfold.app.actions.dates import read_moment
from tenfold.app.actions.decisions import find_member
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import DataError, SpecError

__all__ = ["log_command"]

MOST = 12  # people of one contact; more are a gathering


@click.command("log", cls=Command)
@click.argument("people", nargs=-1, required=True)
@click.option("--kind", default="call", show_default=True, help="call, message, visit, meet, …")
@click.option("--minutes", type=float, help="How long it took.")
@click.option("--at", metavar="TIME", help="When it was, such as yesterday, last Sunday or 2026-11-20 18:30. [default: now]")
@click.option("--again", is_flag=True, help="Record it although the same is on record.")
@pass_session
def log_command(session: Session, people: tuple[str, ...], kind: str, minutes: float | None, at: str | None, again: bool) -> None:
    """Record that PEOPLE, two or a few, were in contact (ids, names or addresses): what was due between them starts anew."""
    now = datetime.now(UTC).replace(microsecond=0)
    time = now if at is None else read_moment(at, "--at", now)
    if time > now + timedelta(days=1):
        raise DataError(f"log: --at {time:%Y-%m-%d %H:%M} is in the future; give the time at which the contact was.")
    if minutes is not None and not 0 <= minutes <= 1e6:
        raise SpecError(f"log: --minutes is {minutes:g}; expected 0 or more.")
    if not 2 <= len(people) <= MOST:
        raise SpecError(f"log: got {len(people)} people; expected 2 to {MOST}. Import a larger gathering as attendance.")
    with open_community(session.db, command="tenfold log", write=True, on_note=session.print_note) as store:
        found = [find_member(store, one) for one in people]
        if len(set(found)) < len(found):
            raise DataError(f"log: {_twice(people, found)} are the same person; a contact needs two.")
        pairs = list(combinations(found, 2))
        names = dict(store.people().table.select("id", "name").iter_rows())
        known = [pair for pair in pairs if store.has_contact(*pair, time=time, kind=kind)]
        if known and not again:
            one, other = (names.get(who, who) for who in known[0])
            raise DataError(
                f"log: {one} and {other} have a {kind} at {time:%Y-%m-%d %H:%M} UTC on record already; nothing was changed. "
                "Record a second one with --again."
            )
        for one, other in pairs:
            store.log_contact(one, other, time=time, kind=kind, minutes=minutes)
        closed = store.close_tasks()
        store.words = f"{', '.join(names.get(who, who) for who in found)}: {kind}"
    said = (
        " → ".join(names.get(who, who) for who in found) if len(found) == 2 else ", ".join(names.get(who, who) for who in found)
    )
    planned = f" {closed} planned contact{'s' if closed > 1 else ''} done by that." if closed else ""
    session.print_lines(f"Recorded: {said}, {kind}, {time:%Y-%m-%d %H:%M} UTC.{planned}")
    first, second = found[:2]
    session.print_json(
        {"a": first, "b": second, "people": found, "kind": kind, "minutes": minutes, "time": time, "tasks_done": closed}
    )


def _twice(people: tuple[str, ...], found: list[str]) -> str:
    """Two of the names that mean one person."""
    one = next(who for who in found if found.count(who) > 1)
    return " and ".join(f"'{name}'" for name, who in zip(people, found, strict=True) if who == one)
