"""`tenfold status`: how everybody stands, and what is due this week."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.community import load_community
from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import checked_tally, checked_words, last_plan, statements_checked
from tenfold.app.actions.tasks import progress_of, week_of
from tenfold.app.terminal.options import at_option, half_life_option, limit_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.bonds.attendance import missing_people
from tenfold.bonds.standing import DEFINITIONS

__all__ = ["status_command"]

SHOWN_STATEMENTS = 4
"""Statements about dates that have passed, the latest ones."""


@click.command("status", cls=Command)
@at_option
@half_life_option
@click.option("--standing", type=click.Choice(list(DEFINITIONS)), help="List who stands so.")
@limit_option
@pass_session
def status_command(session: Session, at: str | None, half_life: str, standing: str | None, limit: int) -> None:
    """How everybody stands, and what is due this week."""
    with open_community(session.db, command="tenfold status", write=False, on_note=session.print_note) as store:
        community = load_community(store, at=at, half_life=half_life)
        saved = last_plan(store)
        week = week_of(store)
        passed = statements_checked(store, community.contacts)
    if community.note:
        session.print_note(community.note)
    names = community.names()
    counts = dict(community.standing.group_by("standing").len().iter_rows())
    summary = pl.DataFrame(
        [{"standing": name, "people": counts.get(name, 0), "meaning": words} for name, words in DEFINITIONS.items()]
    )
    session.print_lines(
        f"{len(community.people)} people, {len(community.contacts)} contacts, {len(community.bonds)} bonds, "
        f"as of {community.at:%Y-%m-%d %H:%M} UTC."
    )
    session.print_table("How people stand", summary)
    document = {"at": community.at, "people": len(community.people), "contacts": len(community.contacts), "standing": counts}
    if standing is not None:
        chosen = community.standing.filter(pl.col("standing") == standing).with_columns(name=pl.col("person").replace(names))
        session.print_table(f"{standing} ({chosen.height})", chosen.select("name", "reason", "bonds"), limit=limit)
        document["list"] = chosen
    missing = missing_people(community.contacts, community.standing, community.at)
    document["missing"] = missing
    if missing.height:
        shown = missing.with_columns(pl.col("person").replace(names)).rename({"held": "held meanwhile"})
        session.print_table(f"Came regularly, and missing ({missing.height})", shown, limit=limit)
    if saved is not None:
        done, planned = progress_of(week)
        session.print_lines(
            f"This week's plan (number {saved.number}, as of {saved.at:%Y-%m-%d %H:%M} UTC): {done} of {planned} contacts done."
        )
        open_rows = week.filter(pl.col("state") != "done").with_columns(pl.col("who", "whom").replace(names))
        session.print_table("Still to do", open_rows.select("who", "whom", "kind", "due", "reason"), limit=limit)
        document["this_week"] = week
        for row in passed.tail(SHOWN_STATEMENTS).iter_rows(named=True):
            session.print_lines(checked_words(row))
        if passed.height > SHOWN_STATEMENTS:
            session.print_lines(checked_tally(passed))
        document["statements"] = passed
    session.print_json(document)
