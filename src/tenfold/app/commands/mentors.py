"""`tenfold mentors`: the few from whom a practice reaches the most people, or every place."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.community import load_community
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.options import at_option, half_life_option, limit_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["mentors_command"]


@click.command("mentors", cls=Command)
@click.option("-k", "count", type=click.IntRange(1), help="How many mentors. [default: enough to look after everybody]")
@click.option(
    "--objective",
    type=click.Choice(["reach", "everyone", "worst_group"]),
    default="reach",
    show_default=True,
    help="The most people; the fewest mentors for a share of each group; or the best for the group that is worst off.",
)
@click.option("--by", type=click.Choice(["place", "language"]), default="place", show_default=True, help="What makes a group.")
@click.option(
    "--target", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share of each group, for --objective everyone."
)
@click.option(
    "--chance",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="That a bond as strong as one fresh contact passes the practice on.",
)
@click.option(
    "--capacity",
    type=click.IntRange(1, 150),
    default=10,
    show_default=True,
    help="People that a mentor looks after, where the list does not say.",
)
@at_option
@half_life_option
@limit_option
@pass_session
def mentors_command(
    session: Session,
    count: int | None,
    objective: str,
    by: str,
    target: float,
    chance: float,
    capacity: int,
    at: str | None,
    half_life: str,
    limit: int,
) -> None:
    """Who should be a mentor and why, whom each looks after, who stands in, and what each place gains."""
    from tenfold.plan.mentors.choose import place_mentors

    with open_community(session.db, command="tenfold mentors", write=False, on_note=session.print_note) as store:
        community = load_community(store, at=at, half_life=half_life)
    if community.note:
        session.print_note(community.note)
    with session.progress(1) as step:
        step("choosing mentors")
        found = place_mentors(
            community.people,
            community.bonds,
            standing=community.standing,
            k=count,
            objective=objective,
            by=by,
            target=target,
            chance=chance,
            capacity=capacity,
            seed=session.seed,
        )
    names = community.names()
    care = found.care.with_columns(pl.col("person").replace(names)).group_by("mentor", maintain_order=True)
    whom = care.agg(looks_after=pl.col("person").head(4).str.join(", "), more=pl.len().cast(pl.Int64) - 4)
    whom = whom.with_columns(
        looks_after=pl.when(pl.col("more") > 0).then(pl.format("{} and {} more", "looks_after", "more")).otherwise("looks_after")
    )
    shown = found.mentors.drop("looks_after").join(whom, on="mentor", how="left", maintain_order="left")
    shown = shown.with_columns(pl.col("mentor", "backup").replace(names)).select(
        "mentor", "group", "reason", "looks_after", "backup"
    )
    session.print_lines(found.sentence())
    if not found.all_chosen:
        session.print_lines(f"What is sure: {found.guarantee}.")
    session.print_table("Mentors, in the order of what each adds", shown.rename({"group": by}), limit=limit)
    session.print_table(
        f"People expected to be reached by {by}, the worst off first (difference to as many mentors at random, and its 95 % interval)",
        found.groups,
        limit=limit,
    )
    if found.left.height:
        grouped = found.left.with_columns(pl.col("person").replace(names)).group_by("why", maintain_order=True)
        reasons = grouped.agg(people=pl.len(), first=pl.col("person").head(5).str.join(", ")).sort("people", descending=True)
        session.print_table(
            f"Not reached, or nobody has room to look after them ({found.left.height})", reasons.select("people", "why", "first")
        )
    session.print_json(
        {
            "at": community.at,
            "reach": found.reach,
            "low": found.low,
            "high": found.high,
            "at_random": found.at_random,
            "all_chosen": found.all_chosen,
            "people": found.people,
            "guarantee": found.guarantee,
            "settings": found.settings,
            "mentors": found.mentors,
            "care": found.care,
            "groups": found.groups,
            "left": found.left,
        }
    )
