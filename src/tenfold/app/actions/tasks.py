"""The week: what is planned, what was done of it, and what is left."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from tenfold.errors import DataError
from tenfold.people.store import Store
from tenfold.people.store.tasks import PlannedTask, week_start

__all__ = ["open_pairs", "open_plan_tasks", "progress_of", "settle_task", "week_history", "week_of"]


def open_plan_tasks(store: Store, week: pl.DataFrame, plan: int, at: datetime) -> None:
    """Open the tasks of a plan (`Plan.this_week`), and close those that were done meanwhile."""
    store.close_tasks()
    rows = week.select("who", "whom", "kind", "purpose", "reason", "due", "circle").iter_rows()
    store.plan_tasks((PlannedTask(*row) for row in rows), plan, at)


def open_pairs(store: Store) -> pl.DataFrame:
    """`who`, `whom` of the tasks that are still to be done."""
    return store.tasks().filter(~pl.col("state").is_in(["done", "dropped"])).select("who", "whom")


def week_of(store: Store) -> pl.DataFrame:
    """The tasks of the current week: those that are open, and those that were closed since it began; with `late`, whether a task was due
    before it, and `first` for a first contact with somebody who was never included."""
    began = week_start(store.plan_moments())
    table = store.tasks()
    if began is None:
        return table.clear().with_columns(late=pl.lit(False), first=pl.lit(False))
    of_week = (
        ~pl.col("state").is_in(["done", "dropped"])
        | ((pl.col("state") == "done") & (pl.col("closed") >= began))
        | ((pl.col("state") == "done") & (pl.col("opened") >= began))
    )
    late = ~pl.col("state").is_in(["done", "dropped"]) & (pl.col("opened") < began)
    return table.filter(of_week).with_columns(late=late, first=pl.col("purpose") == "first contact")


def progress_of(week: pl.DataFrame) -> tuple[int, int]:
    """How many tasks of a week are done, and how many there are."""
    return int((week["state"] == "done").sum()), week.height


def settle_task(
    store: Store,
    who: str,
    whom: str,
    *,
    state: str,
    now: datetime,
    kind: str | None = None,
    due: date | None = None,
    note: str | None = None,
) -> dict[str, object]:
    """Say what became of the task between two people; `done` records the contact as well. Returns the task.

    Raises
    ------
    DataError
        There is no open task between the two.
    """
    table = store.tasks().filter(~pl.col("state").is_in(["done", "dropped"]))
    pair = table.filter((pl.col("who") == who) & (pl.col("whom") == whom))
    if not pair.height:
        pair = table.filter((pl.col("who") == whom) & (pl.col("whom") == who))
    if not pair.height:
        names = dict(store.people().table.select("id", "name").iter_rows())
        raise DataError(
            f"no contact between {names.get(who, who)} and {names.get(whom, whom)} is planned and open. "
            "Record one that was not planned with tenfold log; see tenfold week."
        )
    task = pair.row(0, named=True)
    if state == "done":
        store.log_contact(task["who"], task["whom"], time=now, kind=kind or task["kind"])
    for number in pair["number"]:
        store.set_task(number, state, at=now, due=due, note=note)
    return task | {"state": state, "due": due or task["due"], "note": note or task["note"], "kind": kind or task["kind"]}


def week_history(store: Store) -> pl.DataFrame:
    """`week` (its Monday), `planned`, `done`, `not_reached`, `dropped`, `open`: tasks by the week in which they were opened."""
    table = store.tasks()
    monday = pl.col("opened").dt.truncate("1w").dt.date()
    count = {
        name: (pl.col("state") == state).sum()
        for name, state in (("done", "done"), ("not_reached", "not reached"), ("dropped", "dropped"))
    }
    still = pl.col("state").is_in(["open", "later"]).sum()
    return table.group_by(week=monday).agg(planned=pl.len(), **count, open=still).sort("week")
