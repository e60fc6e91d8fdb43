"""The week: what is planned, what was done of it, and what is left."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from tenfold.errors import DataError
from tenfold.forecast.adherence import Adherence, measure_adherence
from tenfold.forecast.planned_bonds import associate_planned
from tenfold.people.store import Store
from tenfold.people.store.tasks import NO_LONGER, PlannedTask, week_start

__all__ = [
    "open_pairs",
    "open_plan_tasks",
    "past_tasks",
    "progress_of",
    "research_tasks",
    "settle_task",
    "week_history",
    "week_of",
]


def open_plan_tasks(store: Store, week: pl.DataFrame, plan: int, at: datetime) -> None:
    """Open the tasks of a plan (`Plan.this_week`), and close those that were done meanwhile."""
    store.close_tasks()
    rows = week.select("who", "whom", "kind", "purpose", "reason", "due", "circle").iter_rows()
    store.plan_tasks((PlannedTask(*row) for row in rows), plan, at)


def open_pairs(store: Store) -> pl.DataFrame:
    """`who`, `whom` of the tasks that are still to be done, and the day to which each was `put_off`, null where it was not."""
    put_off = pl.when(state="later").then(pl.col("due"))
    return store.tasks().filter(~pl.col("state").is_in(["done", "dropped"])).select("who", "whom", put_off=put_off)


def past_tasks(store: Store) -> pl.DataFrame:
    """All tasks as the forecast learns from them (`adherence.TASKS`): what a later plan asked for no longer is withdrawn, not dropped."""
    withdrawn = (pl.col("state") == "dropped") & (pl.col("note") == NO_LONGER)
    state = pl.when(withdrawn).then(pl.lit("withdrawn")).otherwise("state")
    return store.tasks().select("who", "whom", "opened", "closed", state=state)


def learned_from(store: Store, now: datetime) -> tuple[Adherence, pl.DataFrame]:
    """What the weeks so far taught: the share of planned contacts that take place, and `associate_planned`."""
    tasks, contacts = past_tasks(store), store.contacts()
    return measure_adherence(tasks, contacts, now), associate_planned(contacts, tasks)


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


def week_history(store: Store, who: str | None = None) -> pl.DataFrame:
    """`week` (its Monday), `planned`, `done`, `not_reached`, `dropped`, `open`: tasks by the week in which they were opened; of one carer
    alone, where `who` is given. There is no table of all carers: nobody is ranked."""
    table = store.tasks()
    if who is not None:
        table = table.filter(pl.col("who") == who)
    monday = pl.col("opened").dt.truncate("1w").dt.date()
    count = {
        name: (pl.col("state") == state).sum()
        for name, state in (("done", "done"), ("not_reached", "not reached"), ("dropped", "dropped"))
    }
    still = pl.col("state").is_in(["open", "later"]).sum()
    return table.group_by(week=monday).agg(planned=pl.len(), **count, open=still).sort("week")


def research_tasks(store: Store) -> pl.DataFrame:
    """All tasks of all weeks, for research: `week` (its Monday), then `number`, `plan`, `circle`, `who`, `whom` (ids), `kind`, `purpose`,
    `due`, `opened`, `state`, `closed`. Reasons and notes are words about people, and stay in the community file."""
    columns = ("number", "plan", "circle", "who", "whom", "kind", "purpose", "due", "opened", "state", "closed")
    return store.tasks().select(pl.col("opened").dt.truncate("1w").dt.date().alias("week"), *columns)
