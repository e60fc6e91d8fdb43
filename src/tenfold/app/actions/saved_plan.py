"""The last plan in the community file, and what has been done of it."""

from __future__ import annotations

import polars as pl

from tenfold.errors import PlanError
from tenfold.people.contacts import Contacts
from tenfold.people.store import SavedPlan, Store
from tenfold.plan.statements import check_statements

__all__ = ["last_plan", "statements_checked", "weekly_progress"]


def last_plan(store: Store) -> SavedPlan:
    """The last plan; raises where there is none yet."""
    saved = store.last_plan()
    if saved is None:
        raise PlanError("there is no plan in the community file yet; make one with: tenfold plan")
    return saved


def weekly_progress(saved: SavedPlan, contacts: pl.DataFrame) -> pl.DataFrame:
    """This week's contacts, each with `done`: whether the two people were in contact after the moment of the plan."""
    since = contacts.filter(pl.col("time") > saved.at).select(pl.col("a", "b").cast(pl.String))
    pairs = set(since.iter_rows()) | {(b, a) for a, b in since.iter_rows()}
    week = saved.tables["this_week"]
    return week.with_columns(done=pl.Series([pair in pairs for pair in week.select("who", "whom").iter_rows()], dtype=pl.Boolean))


def statements_checked(saved: SavedPlan, contacts: Contacts) -> pl.DataFrame:
    """What the last plan said about dates that have passed, and what came; see `check_statements`. Plans of older versions say nothing."""
    statements = saved.tables.get("statements", pl.DataFrame())
    return check_statements(
        statements, saved.tables["risks"]["person"] if "risks" in saved.tables else pl.Series([], dtype=pl.String), contacts
    )
