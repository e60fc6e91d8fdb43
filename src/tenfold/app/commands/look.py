"""Commands that look and change nothing: status, bonds, left-out, circles, forecast."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.commands.options import at_option, half_life_option, limit_option
from tenfold.app.community import load
from tenfold.app.session import Command, Session, pass_session
from tenfold.bonds.standing import DEFINITIONS
from tenfold.errors import PlanError
from tenfold.people.store import SavedPlan, Store, open_store

__all__ = ["bonds_command", "circles_command", "forecast_command", "left_out_command", "status_command"]

SHOWN_WEEKS = (4, 12, 26, 52)


@click.command("status", cls=Command)
@at_option
@half_life_option
@click.option("--standing", type=click.Choice(list(DEFINITIONS)), help="List who stands so.")
@limit_option
@pass_session
def status_command(session: Session, at: str | None, half_life: str, standing: str | None, limit: int) -> None:
    """How everybody stands, and what is due this week."""
    with open_store(session.db, command="tenfold status", write=False) as store:
        community = load(store, at=at, half_life=half_life)
        saved = store.last_plan()
    if community.note:
        session.note(community.note)
    names = community.names()
    counts = dict(community.standing.group_by("standing").len().iter_rows())
    summary = pl.DataFrame(
        [{"standing": name, "people": counts.get(name, 0), "meaning": words} for name, words in DEFINITIONS.items()]
    )
    session.say(
        f"{len(community.people)} people, {len(community.contacts)} contacts, {len(community.bonds)} bonds, "
        f"as of {community.at:%Y-%m-%d %H:%M} UTC."
    )
    session.show("How people stand", summary)
    document = {"at": community.at, "people": len(community.people), "contacts": len(community.contacts), "standing": counts}
    if standing is not None:
        chosen = community.standing.filter(pl.col("standing") == standing).with_columns(name=pl.col("person").replace(names))
        session.show(f"{standing} ({chosen.height})", chosen.select("name", "reason", "bonds"), limit=limit)
        document["list"] = chosen
    if saved is not None:
        week = _done(saved, community.contacts.table)
        done = int(week["done"].sum())
        session.say(f"This week's plan (number {saved.number}): {done} of {week.height} contacts done.")
        open_rows = week.filter(~pl.col("done")).with_columns(pl.col("who", "whom").replace(names))
        session.show("Still to do", open_rows.select("who", "whom", "kind", "due", "reason"), limit=limit)
        document["this_week"] = week
    session.result(document)


def _done(saved: SavedPlan, contacts: pl.DataFrame) -> pl.DataFrame:
    """This week's contacts, and whether each pair was in contact since the plan was made."""
    since = contacts.filter(pl.col("time") > saved.at).select(pl.col("a", "b").cast(pl.String))
    pairs = set(since.iter_rows()) | {(b, a) for a, b in since.iter_rows()}
    week = saved.tables["this_week"]
    return week.with_columns(done=pl.Series([pair in pairs for pair in week.select("who", "whom").iter_rows()], dtype=pl.Boolean))


@click.command("bonds", cls=Command)
@click.argument("person", required=False)
@at_option
@half_life_option
@click.option("--standing", type=click.Choice(["kept", "due", "fading", "lost"]), help="Only bonds that stand so.")
@limit_option
@pass_session
def bonds_command(session: Session, person: str | None, at: str | None, half_life: str, standing: str | None, limit: int) -> None:
    """The bonds, strongest first; of one PERSON, if named."""
    with open_store(session.db, command="tenfold bonds", write=False) as store:
        who = store.find_person(person) if person is not None else None
        community = load(store, at=at, half_life=half_life)
    if community.note:
        session.note(community.note)
    table = community.bonds.table
    if who is not None:
        table = table.filter((pl.col("a") == who) | (pl.col("b") == who))
    if standing is not None:
        table = table.filter(pl.col("standing") == standing)
    names = community.names()
    shown = table.head(limit).with_columns(pl.col("a", "b").replace(names))
    columns = ["a", "b", "strength", "contacts", "last", "silence", "usual_gap", "standing"]
    session.show(f"Bonds as of {community.at:%Y-%m-%d %H:%M} UTC (silence and usual gap in days)", shown.select(columns))
    if table.height > limit:
        session.say(f"… and {table.height - limit} more")
    session.result({"at": community.at, "half_life": half_life, "total_strength": float(table["strength"].sum()), "bonds": table})


@click.command("left-out", cls=Command)
@at_option
@half_life_option
@limit_option
@pass_session
def left_out_command(session: Session, at: str | None, half_life: str, limit: int) -> None:
    """Everybody who was never included, and who contacts them first."""
    with open_store(session.db, command="tenfold left-out", write=False) as store:
        community = load(store, at=at, half_life=half_life)
        saved = store.last_plan()
    if community.note:
        session.note(community.note)
    never = community.standing.filter(pl.col("standing") == "never included").select("person", why="reason")
    planned = saved.tables["left_out"].select("person", "first_contact", "circle") if saved is not None else None
    if planned is None:
        never = never.with_columns(first_contact=pl.lit(None, pl.String), circle=pl.lit(None, pl.Int64))
    else:
        never = never.join(planned, on="person", how="left", maintain_order="left")
    names = community.names()
    session.show(
        f"Never included ({never.height})", never.with_columns(pl.col("person", "first_contact").replace(names)), limit=limit
    )
    if never.height and saved is None:
        session.say("`tenfold plan` gives each of them a circle and a first contact.")
    session.result({"at": community.at, "left_out": never})


@click.command("circles", cls=Command)
@click.argument("number", required=False, type=click.IntRange(1))
@pass_session
def circles_command(session: Session, number: int | None) -> None:
    """The circles of the last plan; the people of one, if its NUMBER is given."""
    with open_store(session.db, command="tenfold circles", write=False) as store:
        saved = _saved(store)
        names = dict(store.people().table.select("id", "name").iter_rows())
    table, members = saved.tables["circle_table"], saved.tables["circles"]
    if number is None:
        shown = table.with_columns(pl.col("mentor", "backup").replace(names))
        session.show(f"Circles of plan {saved.number}", shown.drop("strength_kept"))
        session.result({"plan": saved.number, "circles": table, "members": members})
        return
    if number not in table["circle"]:
        raise PlanError(f"circle {number} is not in plan {saved.number}; it has circles 1 to {table.height}.")
    one = members.filter(pl.col("circle") == number)
    session.show(
        f"Circle {number}", one.with_columns(name=pl.col("person").replace(names)).select("address", "name", "person", "role")
    )
    session.result({"plan": saved.number, "circle": table.filter(pl.col("circle") == number), "members": one})


@click.command("forecast", cls=Command)
@pass_session
def forecast_command(session: Session) -> None:
    """People and bonds after 4, 12, 26 and 52 weeks, without and with the last plan."""
    with open_store(session.db, command="tenfold forecast", write=False) as store:
        saved = _saved(store)
    table = saved.tables["forecast"].filter(pl.col("week").is_in([0, *SHOWN_WEEKS]))
    for measure, title in (("people", "People in touch"), ("bonds", "Bonds of today that hold")):
        part = table.filter(pl.col("measure") == measure)
        text = pl.format("{} ({} to {})", *(pl.col(name).round(0).cast(pl.Int64) for name in ("mean", "low", "high")))
        wide = part.with_columns(text=text, week=pl.format("week {}", "week")).pivot("week", index="scenario", values="text")
        session.show(f"{title}: mean (nine in ten simulations)", wide)
    session.show("What this assumes", saved.tables["hazards"])
    session.result({"plan": saved.number, "forecast": table, "hazards": saved.tables["hazards"]})


def _saved(store: Store) -> SavedPlan:
    """The last plan, or one line that says how to get one."""
    saved = store.last_plan()
    if saved is None:
        raise PlanError("there is no plan in the community file yet; make one with: tenfold plan")
    return saved
