"""What stands in the sections of the page: rows and words, made from the frames of a plan."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.sources import Sources
from tenfold.report.words import count, day, one_or_more

__all__ = ["assumptions", "circle_cards", "comparison", "forecast_rows", "rules_not_met", "sentence", "week"]

SHOWN_WEEKS = (4, 12, 26, 52)


def week(sources: Sources, most: int) -> tuple[list[dict[str, Any]], int]:
    """This week by circle, and in it by carer, until `most` contacts are shown; and how many are.

    Whoever makes several contacts has a block of their own; whoever makes one stands with the others who do, so that a circle stays short.
    """
    shown, cards = 0, []
    table = {row["circle"]: row for row in sources.plan.circle_table.iter_rows(named=True)}
    roles = dict(sources.plan.circles.filter(pl.col("role") != "member").select("person", "role").iter_rows())
    for (number,), rows in sources.plan.this_week.group_by("circle", maintain_order=True):
        if shown and shown + rows.height > most:
            break
        shown += rows.height
        carers: dict[str, list[dict[str, Any]]] = {}
        for row in rows.iter_rows(named=True):
            carers.setdefault(row["who"], []).append(row | {"day": day(row["due"])})
        blocks = [
            {"who": who, "role": roles.get(who, ""), "count": one_or_more(len(tasks), "contact"), "tasks": tasks}
            for who, tasks in carers.items()
            if len(tasks) > 1 or who in roles
        ]
        single = [tasks[0] for who, tasks in carers.items() if len(tasks) == 1 and who not in roles]
        cards.append(table[number] | {"count": one_or_more(rows.height, "contact"), "blocks": blocks, "single": single})
    return cards, shown


def circle_cards(sources: Sources, most: int) -> list[dict[str, Any]]:
    """The first circles, each with its members and its bridges."""
    plan = sources.plan
    address = dict(plan.circle_table.select("circle", "address").iter_rows())
    loads = {row["circle"]: row for row in plan.mentors.iter_rows(named=True)}
    members = {number: rows.to_dicts() for (number,), rows in plan.circles.group_by("circle", maintain_order=True)}
    bridges: dict[int, list[dict[str, Any]]] = {}
    for row in plan.bridges.iter_rows(named=True):
        for here, there, a, b in (("circle", "to_circle", "a", "b"), ("to_circle", "circle", "b", "a")):
            link = {"to": address.get(row[there], ""), "ours": row[a], "theirs": row[b], "exists": row["exists"]}
            bridges.setdefault(row[here], []).append(link)
    return [
        row
        | {
            "members": members.get(row["circle"], []),
            "links": bridges.get(row["circle"], []),
            "load": loads.get(row["circle"]),
            "kept": f"{100 * row['strength_kept']:.0f} %",
        }
        for row in plan.circle_table.head(most).iter_rows(named=True)
    ]


def forecast_rows(sources: Sources, measure: str) -> list[dict[str, Any]]:
    """Means and bands at the weeks that are shown."""
    part = sources.plan.forecast.filter((pl.col("measure") == measure) & pl.col("week").is_in(SHOWN_WEEKS))
    rows: dict[int, dict[str, Any]] = {}
    for row in part.iter_rows(named=True):
        band = {"mean": count(row["mean"]), "band": f"{count(row['low'])} to {count(row['high'])}"}
        rows.setdefault(row["week"], {"week": row["week"]})[row["scenario"]] = band
    return [row for _, row in sorted(rows.items()) if {"nothing", "plan"} <= row.keys()]


def assumptions(sources: Sources) -> tuple[list[dict[str, Any]], str]:
    """What the forecast rests on, own past told apart from what is taken from elsewhere; and that in one sentence."""
    rows = [row | {"own": row["source"].startswith("own past")} for row in sources.plan.hazards.iter_rows(named=True)]
    own = sum(row["own"] for row in rows)
    elsewhere = "come from studies of others or are assumed"
    if own == len(rows):
        return rows, "All of these numbers come from your own community's past."
    if not own:
        return rows, f"Your community's past is too short to learn from yet: all of these numbers {elsewhere}."
    return (
        rows,
        f"{own} of these {len(rows)} numbers {'comes' if own == 1 else 'come'} from your own community's past; the others {elsewhere}.",
    )


def comparison(table: pl.DataFrame) -> list[dict[str, str]]:
    """Rows in words: shares in per cent, people and bonds as numbers."""
    found = []
    for row in table.iter_rows(named=True):
        share = "strength" in row["measure"]
        scale, unit = (100, " %") if share else (1, "")
        plan, other, difference, low, high = (scale * row[name] for name in ("plan", "other", "difference", "low", "high"))
        found.append(
            {
                "baseline": row["baseline"],
                "measure": row["measure"],
                "plan": f"{plan:,.1f}{unit}",
                "other": f"{other:,.1f}{unit}",
                "difference": f"{difference:+,.1f}{' points' if share else ''}",
                "interval": f"{low:,.1f} to {high:,.1f}",
                "words": "plan better" if low > 0 else "plan worse" if high < 0 else "no clear difference",
                "mark": "▲" if low > 0 else "▼" if high < 0 else "≈",
            }
        )
    return found


def rules_not_met(sources: Sources, most: int) -> list[dict[str, Any]]:
    """Rules by name, the rarest first (they are the ones to read), with circles named by the address that the page shows."""
    numbers = sources.plan.circle_table.select("circle", "address")
    address = {f"circle {number}": f"circle {text}" for number, text in numbers.iter_rows()}
    found, left = [], most
    groups = [(name, rows) for (name,), rows in sources.plan.unmet.group_by("rule", maintain_order=True)]
    for name, rows in sorted(groups, key=lambda group: group[1].height):
        shown = [row | {"who": address.get(row["who"], row["who"])} for row in rows.head(left).iter_rows(named=True)]
        left -= len(shown)
        if shown:
            found.append({"rule": name, "count": count(rows.height), "rows": shown})
    return found


def sentence(sources: Sources, now: float, without: float, with_plan: float) -> str:
    """What an organiser should know first."""
    counts = dict(sources.standing.group_by("standing").len().iter_rows())
    weeks = sources.plan.settings["weeks"]
    slipping = counts.get("due", 0) + counts.get("fading", 0)
    parts = [
        f"Of {count(now)} people in touch today, {count(without)} would be in {one_or_more(weeks, 'week')} if nobody did anything; "
        f"with this plan, {count(with_plan)}.",
        f"{one_or_more(slipping, 'person is', 'people are')} due for a contact or fading, and "
        f"{one_or_more(counts.get('lost', 0), 'is', 'are')} most likely lost.",
    ]
    if sources.plan.wins:
        parts.append(
            "In simulation this plan keeps more people than doing nothing, and than simpler plans with as many contacts."
        )
    rules = sources.plan.unmet.height
    if rules:
        listed = "it is listed with what would help" if rules == 1 else "each is listed with what would help"
        parts.append(f"{one_or_more(rules, 'rule')} could not be met; {listed}.")
    return " ".join(parts)
