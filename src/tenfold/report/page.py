"""The page: one self-contained HTML file that asks nothing of anybody."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.bonds.standing import DEFINITIONS
from tenfold.report import figures
from tenfold.report.sources import Sources

__all__ = ["page"]

MOST_ROWS, MOST_CARDS, MOST_TASKS = 200, 120, 2500
MARKS = {"kept": "●", "due": "◆", "fading": "▲", "lost": "✕", "paused": "‖", "never included": "■", "gone": "○"}
SHOWN_WEEKS = (4, 12, 26, 52)
SECTIONS = (
    ("summary", "In short"),
    ("week", "This week"),
    ("left-out", "Never included"),
    ("circles", "Circles"),
    ("forecast", "Forecast"),
    ("trial", "Tested before use"),
    ("map", "Map of bonds"),
    ("bonds", "Bonds"),
    ("people", "How people stand"),
    ("unmet", "Rules not met"),
    ("away", "Paused and gone"),
    ("quality", "Quality of the data"),
    ("how", "How it was computed"),
)


def page(sources: Sources) -> str:
    """The plan as HTML; everything that comes from the data is escaped."""
    environment = Environment(
        loader=PackageLoader("tenfold.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(name=sources.name, colours=figures.COLOURS, marks=MARKS)
    style = Markup((environment.loader or PackageLoader("tenfold.report")).get_source(environment, "style.css")[0])
    return environment.get_template("page.html.j2").render(style=style, **_content(sources))


def _content(sources: Sources) -> dict[str, Any]:
    """What the template shows."""
    plan, standing, weeks = sources.plan, sources.standing, sources.plan.settings["weeks"]
    circles = plan.circle_table.to_dicts()
    counts = dict(standing.group_by("standing").len().iter_rows())
    bond_counts = dict(sources.bonds.group_by("standing").len().iter_rows())
    people = plan.forecast.filter(pl.col("measure") == "people")
    week = _week(sources)
    costs = plan.comparison["contacts_a_week"]
    cost = float(costs.max() or 0.0) if len(costs) else 0.0  # type: ignore[arg-type]
    return {
        "title": sources.title,
        "day": f"{sources.at:%Y-%m-%d}",
        "sections": SECTIONS,
        "plan": plan,
        "weeks": weeks,
        "placed": plan.circles.height,
        "circles": circles,
        "address": {row["circle"]: row["address"] for row in circles},
        "members": {circle[0]: rows.to_dicts() for circle, rows in plan.circles.group_by("circle", maintain_order=True)},
        "now_kept": f"{_mean(people, 'nothing', 0):.0f}",
        "at_mark": {name: f"{_mean(people, name, weeks):.0f}" for name in ("nothing", "plan")},
        "sentence": _sentence(sources, counts),
        "week": week,
        "week_shown": sum(len(circle["rows"]) for circle in week),
        "week_count": plan.this_week.height,
        "left_out": plan.left_out.to_dicts(),
        "limit": MOST_ROWS,
        "most_cards": MOST_CARDS,
        "replicates": plan.settings["replicates"],
        "forecasts": _forecasts(sources),
        "hazards": plan.hazards.to_dicts(),
        "comparison": _comparison(plan.comparison),
        "comparison_figure": Markup(figures.comparison_chart(sources)),
        "cost": f"{cost:.0f}",
        "cost_each": f"{cost / max(plan.circles.height, 1):.1f}",
        "map_figure": Markup(figures.bond_map(sources)),
        "map_words": _map_words(sources),
        "bond_count": sources.bonds.height,
        "bond_standing": [(name, bond_counts.get(name, 0)) for name in ("kept", "due", "fading", "lost")],
        "fading": sources.bonds.filter(pl.col("standing").is_in(["due", "fading"])).head(50).to_dicts(),
        "half_life": f"{plan.settings['half_life_days']:g} days",
        "standing_figure": Markup(figures.standing_chart(sources)),
        "standing_total": standing.height,
        "people_standing": [(name, counts.get(name, 0), words) for name, words in DEFINITIONS.items()],
        "people_lists": [
            (name, standing.filter(pl.col("standing") == name).head(MOST_ROWS).to_dicts(), counts[name])
            for name in ("lost", "fading", "due", "kept")
            if counts.get(name)
        ],
        "unmet": plan.unmet.head(MOST_ROWS).to_dicts(),
        "unmet_count": plan.unmet.height,
        "excluded": plan.excluded.to_dicts(),
        "quality": list(sources.quality.items()),
        "duplicates": sources.duplicates.to_dicts(),
        "provenance": _provenance(sources),
        "version": version("tenfold"),
    }


def _mean(people: pl.DataFrame, scenario: str, week: int) -> float:
    return float(people.filter((pl.col("scenario") == scenario) & (pl.col("week") == week))["mean"][0])


def _sentence(sources: Sources, counts: dict[str, int]) -> str:
    """What an organiser should know first."""
    slipping = counts.get("due", 0) + counts.get("fading", 0)
    lost = counts.get("lost", 0)
    parts = [f"{slipping} people are due for a contact or fading, and {lost} are most likely lost."]
    if sources.plan.wins:
        parts.append(
            "In simulation this plan keeps more people than doing nothing, and than simpler plans with as many contacts."
        )
    if sources.plan.unmet.height:
        parts.append(f"{sources.plan.unmet.height} rules could not be met; each is listed with what would help.")
    return " ".join(parts)


def _provenance(sources: Sources) -> list[tuple[str, Any]]:
    """Settings, then versions and inputs."""
    settings = [(name.replace("_", " "), value) for name, value in sources.plan.settings.items() if name != "seed"]
    return [*settings, *sources.provenance.items()]


def _week(sources: Sources) -> list[dict[str, Any]]:
    """This week's contacts by circle, until the page is full."""
    shown, circles = 0, []
    table = {row["circle"]: row for row in sources.plan.circle_table.to_dicts()}
    for (number,), rows in sources.plan.this_week.group_by("circle", maintain_order=True):
        if shown and shown + rows.height > MOST_TASKS:
            break
        shown += rows.height
        circles.append(table[number] | {"number": number, "rows": rows.to_dicts()})
    return circles


def _forecasts(sources: Sources) -> list[tuple[str, Markup, list[dict[str, Any]]]]:
    found = []
    for measure, title in (("people", "People in touch"), ("bonds", "Bonds of today that hold")):
        part = sources.plan.forecast.filter((pl.col("measure") == measure) & pl.col("week").is_in(SHOWN_WEEKS))
        rows: dict[int, dict[str, Any]] = {week: {"week": week} for week in SHOWN_WEEKS}
        for row in part.iter_rows(named=True):
            rows[row["week"]][row["scenario"]] = f"{row['mean']:.0f} ({row['low']:.0f} to {row['high']:.0f})"
        found.append((title, Markup(figures.forecast_chart(sources, measure, title)), list(rows.values())))
    return found


def _comparison(table: pl.DataFrame) -> list[dict[str, str]]:
    """Rows in words: shares in per cent."""
    found = []
    for row in table.iter_rows(named=True):
        share = "strength" in row["measure"]
        scale, unit = (100, " %") if share else (1, "")
        plan, other, difference, low, high = (scale * row[name] for name in ("plan", "other", "difference", "low", "high"))
        found.append(
            {
                "baseline": row["baseline"],
                "measure": row["measure"],
                "plan": f"{plan:.1f}{unit}",
                "other": f"{other:.1f}{unit}",
                "difference": f"{difference:+.1f}{unit} ({low:.1f} to {high:.1f})",
            }
        )
    return found


def _map_words(sources: Sources) -> str:
    if sources.plan.circles.height > figures.MOST_POINTS:
        return "Each point is a circle, larger with more people; the strongest living bonds between circles are lines."
    return "Each small ring is a circle, each mark a person, by standing; the strongest living bonds are lines, thicker where stronger."
