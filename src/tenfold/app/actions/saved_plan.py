"""The last plan in the community file, and what has been done of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from tenfold.errors import PlanError, StoreError
from tenfold.people.contacts import Contacts
from tenfold.people.store import SavedPlan, Store
from tenfold.plan.statements import SCHEMA as STATEMENTS
from tenfold.plan.statements import check_statements
from tenfold.plan.tables import WEEK_TABLE
from tenfold.report.words import pluralise

__all__ = ["checked_tally", "checked_words", "last_plan", "required_plan", "statements_checked"]

_WEEK_COLUMNS = ("who", "whom", "kind", "reason", "purpose", "due", "circle")
_REQUIRED: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "this_week": {name: WEEK_TABLE[name] for name in _WEEK_COLUMNS},
    "left_out": {"person": pl.String, "first_contact": pl.String, "circle": pl.Int64},
    "circles": {"circle": pl.Int64, "address": pl.String, "person": pl.String, "role": pl.String},
    "circle_table": {"circle": pl.Int64, "mentor": pl.String, "backup": pl.String, "strength_kept": pl.Float64},
    "forecast": {
        "scenario": pl.String,
        "week": pl.Int64,
        "measure": pl.String,
        **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    },
    "hazards": {"name": pl.String, "value": pl.String, "source": pl.String},
}
_OPTIONAL: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "statements": STATEMENTS,
    "risks": {"person": pl.String},
    "carers": {"person": pl.String, "carer": pl.String},
}
"""Tables that commands read, with the columns that they read; plans of older versions lack the second ones."""

CHECKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "plan": pl.Int64,
    "said": pl.Datetime("us", "UTC"),
    **STATEMENTS,
    "came": pl.Int64,
    "held": pl.Boolean,
}
MOST_LOOKED_AT = 120
"""The latest plans whose statements are checked: a plan a week for two years."""

MOST_WEEKS, MOST_PEOPLE = 1000, 1e12


def last_plan(store: Store) -> SavedPlan | None:
    """The last plan, if there is one.

    Raises
    ------
    StoreError
        Its tables are not those of a plan.
    """
    saved = store.last_plan()
    if saved is None:
        return None
    for name, columns in (_REQUIRED | _OPTIONAL).items():
        table = saved.tables.get(name)
        if table is None:
            if name in _OPTIONAL:
                continue
            raise _not_ours(store, saved, f"has no table {name}")
        for column, kind in columns.items():
            if column not in table.columns:
                if name in _OPTIONAL:
                    continue
                raise _not_ours(store, saved, f"has no column {column} in its table {name}")
            if table[column].dtype not in (kind, pl.Null):
                raise _not_ours(store, saved, f"holds {table[column].dtype} in column {column} of its table {name}")
            if table[column].dtype == pl.Null:
                saved.tables[name] = table = table.with_columns(pl.col(column).cast(kind))
    _check_statements(store, saved)
    forecast = saved.tables["forecast"]
    numbers = forecast.select(
        pl.all_horizontal(pl.col("mean", "low", "high").is_between(0, MOST_PEOPLE)).fill_null(False).all()
    ).item()
    if not numbers or forecast.select("scenario", "week", "measure").is_duplicated().any():
        raise _not_ours(store, saved, "has a forecast that is none")
    return saved


def required_plan(store: Store) -> SavedPlan:
    """The last plan; raises where there is none yet."""
    saved = last_plan(store)
    if saved is None:
        raise PlanError("there is no plan in the community file yet; make one with: tenfold plan")
    return saved


def statements_checked(store: Store, contacts: Contacts) -> pl.DataFrame:
    """What all plans said about dates that have passed, and what came, the earliest date first.

    `plan`, `said` (the moment of the plan), and the columns of `check_statements`. Plans of older versions say nothing."""
    found = [pl.DataFrame(schema=CHECKED)]
    last = contacts.last()
    for number in store.plan_numbers()[-MOST_LOOKED_AT:]:
        saved = store.plan(number)
        if saved is None or not {"statements", "risks"} <= saved.tables.keys() or "person" not in saved.tables["risks"].columns:
            continue
        statements = saved.tables["statements"]
        for column, kind in STATEMENTS.items():
            if column in statements.columns and statements[column].dtype != kind and statements.height:
                raise _not_ours(store, saved, f"holds {statements[column].dtype} in column {column} of its table statements")
        _check_statements(store, saved)
        if "date" not in statements.columns or last is None or statements.filter(pl.col("date") <= last).is_empty():
            continue
        checked = check_statements(statements, saved.tables["risks"]["person"], contacts)
        found.append(checked.select(pl.lit(number).alias("plan"), pl.lit(saved.at).alias("said"), pl.all()).select(*CHECKED))
    return pl.concat(found, how="vertical_relaxed").sort("date", "plan")


def checked_words(row: dict[str, Any]) -> str:
    """A row of `statements_checked` as a sentence."""
    held = "within what was said" if row["held"] else "outside of what was said"
    return f"Said on {row['said']:%Y-%m-%d}: {row['words']}. There were {row['came']}, {held}."


def checked_tally(checked: pl.DataFrame) -> str:
    """How many statements held, as a sentence; empty where there are none."""
    if not checked.height:
        return ""
    return f"Of {pluralise(checked.height, 'statement')} about dates that have passed, {checked['held'].sum()} held; nine in ten are to."


def _check_statements(store: Store, saved: SavedPlan) -> None:
    """Raise for statements about windows that no calendar has."""
    table = saved.tables.get("statements")
    if table is None or "date" not in table.columns:
        return
    if not set(STATEMENTS) <= set(table.columns):
        raise _not_ours(store, saved, "lacks columns in its table statements")
    fine = pl.all_horizontal(
        pl.col("window").is_between(0, MOST_WEEKS),
        pl.col("date") < saved.at + timedelta(weeks=MOST_WEEKS),
        pl.col("mean", "low", "high").is_between(0, MOST_PEOPLE),
    )
    if table.select(pl.any_horizontal(pl.all().is_null()).any()).item() or not table.select(fine.fill_null(False).all()).item():
        raise _not_ours(store, saved, "says something about a date that is none")


def _not_ours(store: Store, saved: SavedPlan, what: str) -> StoreError:
    return StoreError(
        f"{store.path}: plan {saved.number} {what}; another program changed it. Make a new one with: tenfold plan --fresh"
    )
