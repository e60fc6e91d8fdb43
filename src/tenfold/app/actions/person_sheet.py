"""What is kept about one person, for that person to read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl

from tenfold.app.actions.saved_plan import last_plan
from tenfold.people.store import Store
from tenfold.people.store.decisions import PRIVATE

__all__ = ["person_sheet", "sheet_lines"]

HEADINGS = {
    "list": "On the list",
    "contacts": "Contacts",
    "gatherings": "Gatherings",
    "circle": "In the last plan",
    "tasks": "Planned contacts",
    "decisions": "What the organiser decided about you",
    "files": "Files that were read",
}


def person_sheet(store: Store, person: str) -> dict[str, Any]:
    """All that the community file holds about the person with that id, by subject.

    Left out are decisions about keeping people apart, as they are about somebody else as well: `private` is how many these are.
    """
    tables = store.canonical_tables()
    row = tables["people"].filter(pl.col("id") == person).to_dicts()[0]
    names = {one: name or one for one, name in tables["people"].select("id", "name").iter_rows()}
    met = tables["contacts"].filter((pl.col("a") == person) | (pl.col("b") == person))
    other = pl.when(pl.col("a") == person).then(pl.col("b")).otherwise(pl.col("a")).replace(names).alias("with")
    decided = [one for one in store.decisions() if person in (one.person, one.other) and one.undone is None]
    tasks = store.tasks().filter((pl.col("who") == person) | (pl.col("whom") == person))
    saved = last_plan(store)
    circle: list[dict[str, Any]] = []
    if saved is not None:
        circle = saved.tables["circles"].filter(pl.col("person") == person).select("circle", "name", "role").to_dicts()
        carer = saved.tables["carers"].filter(pl.col("person") == person)["carer"].drop_nulls().replace(names).to_list()
        circle = [one | {"looked after by": ", ".join(carer) or None} for one in circle]
    return {
        "list": {name: value for name, value in row.items() if value is not None},
        "contacts": met.select("time", other, "kind", "minutes", "source").to_dicts(),
        "gatherings": tables["attendance"].filter(pl.col("person") == person).drop("person").to_dicts(),
        "circle": circle,
        "tasks": tasks.select(
            pl.col("who", "whom").replace(names),
            "kind",
            "due",
            "state",
            reason=pl.when(pl.col("whom") == person).then(pl.col("reason")),  # the reason for calling others is about them
        ).to_dicts(),
        "decisions": [
            {
                "kind": one.kind,
                "person": names.get(one.person or ""),
                "other": names.get(one.other or ""),
                "circle": one.circle,
                "until": one.until,
            }
            for one in decided
            if one.kind not in PRIVATE
        ],
        "private": sum(one.kind in PRIVATE for one in decided),
        "files": store.imports().select("path", "at", "what").to_dicts(),
    }


def sheet_lines(sheet: dict[str, Any]) -> list[str]:
    """The sheet as lines of text."""
    name = sheet["list"].get("name") or sheet["list"]["id"]
    lines = [f"What is kept about {name}", ""]
    for subject, heading in HEADINGS.items():
        rows = [sheet[subject]] if isinstance(sheet[subject], dict) else sheet[subject]
        lines += [f"{heading}: {'nothing' if not rows else ''}".rstrip() if len(rows) < 2 else f"{heading} ({len(rows):,}):"]
        lines += ["  " + ", ".join(f"{key} {_words(value)}" for key, value in row.items() if value is not None) for row in rows]
        lines.append("")
    if sheet["private"]:
        lines.append(f"{sheet['private']} decisions of the organiser about keeping people apart are private, and not shown here.")
    return lines


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)
