"""`tenfold done`: say what became of a planned contact."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tenfold.app.actions.dates import read_day, read_moment
from tenfold.app.actions.decisions import find_member
from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.tasks import settle_task
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError

__all__ = ["done_command"]


@click.command("done", cls=Command)
@click.argument("carer")
@click.argument("whom")
@click.option("--not-reached", is_flag=True, help="Tried, and nobody was reached; it stays on the list.")
@click.option("--later", metavar="DAY", help="Put it off to a day, such as 2026-12-24, next Sunday, in 3 days.")
@click.option("--drop", metavar="WHY", help="Take it off the list, with the reason.")
@click.option("--kind", help="What it was: call, message, visit, meet, … [default: as planned]")
@click.option("--note", help="A few words, kept with the task.")
@click.option("--at", metavar="TIME", help="When it was. [default: now]")
@pass_session
def done_command(
    session: Session,
    /,
    carer: str,
    whom: str,
    not_reached: bool,
    later: str | None,
    drop: str | None,
    kind: str | None,
    **more: str | None,
) -> None:
    """Say that CARER was in contact with WHOM, as planned; the contact is recorded as well."""
    if sum((not_reached, later is not None, drop is not None)) > 1:
        raise SpecError("done: expected one of --not-reached, --later and --drop.")
    note, at = more["note"], more["at"]
    present = datetime.now(UTC).replace(microsecond=0)
    now = present if at is None else read_moment(at, "--at", present)
    if now > present:
        raise SpecError(f"done: --at {now:%Y-%m-%d %H:%M} is in the future; give the time at which the contact was.")
    due = None if later is None else read_day(later, "--later", present)
    if due is not None and due <= present.date():
        raise SpecError(f"done: --later {due} is not in the future; give a later day.")
    state = "not reached" if not_reached else "later" if due is not None else "dropped" if drop is not None else "done"
    with open_community(session.db, command="tenfold done", write=True, on_note=session.print_note) as store:
        who, other = find_member(store, carer), find_member(store, whom)
        task = settle_task(store, who, other, state=state, now=now, kind=kind, due=due, note=drop or note)
        names = dict(store.people().table.select("id", "name").iter_rows())
        store.words = f"{names.get(who, who)}, {names.get(other, other)}: {state}"
    said = {"done": "Done", "not reached": "Not reached, stays on the list", "later": f"Later, on {due}", "dropped": "Dropped"}
    one, two = (names.get(str(task[end]), str(task[end])) for end in ("who", "whom"))
    session.print_lines(f"{said[state]}: {one} → {two}, {task['kind']}.")
    session.print_json({name: value for name, value in task.items() if name not in ("opened", "closed")})
