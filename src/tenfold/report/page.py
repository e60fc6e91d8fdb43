"""The page: one self-contained HTML file that asks nothing of anybody."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.bonds.standing import DEFINITIONS
from tenfold.report import bond_map, figures, outreach, sections
from tenfold.report.sources import Sources
from tenfold.report.words import count, long_day

__all__ = ["page"]

MOST_ROWS, MOST_CARDS, MOST_TASKS, MOST_LINKS = 200, 120, 2500, 12
MARKS = {"kept": "●", "due": "◆", "fading": "▲", "lost": "✕", "paused": "‖", "never included": "■", "gone": "○"}
UNPROVEN = "In simulation this plan does not win against simpler plans. Use it with care."
SECTIONS = (
    ("summary", "In short"),
    ("week", "This week"),
    ("left-out", "Never included"),
    ("circles", "Circles"),
    ("mentors", "Mentors"),
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
    environment.filters["grouped"] = count
    environment.globals.update(name=sources.name, colours=figures.COLOURS, marks=MARKS)
    style = Markup((environment.loader or PackageLoader("tenfold.report")).get_source(environment, "style.css")[0])
    return environment.get_template("page.html.j2").render(style=style, **_content(sources))


def _content(sources: Sources) -> dict[str, Any]:
    """What the template shows."""
    plan, standing, weeks = sources.plan, sources.standing, sources.plan.settings["weeks"]
    counts = dict(standing.group_by("standing").len().iter_rows())
    bond_counts = dict(sources.bonds.group_by("standing").len().iter_rows())
    people = plan.forecast.filter(pl.col("measure") == "people")
    now, without, with_plan = _mean(people, "nothing", 0), _mean(people, "nothing", weeks), _mean(people, "plan", weeks)
    week, week_shown = sections.week(sources, MOST_TASKS)
    cost = max(plan.comparison["contacts_a_week"].drop_nulls().to_list(), default=0.0)
    assumed, assumed_words = sections.assumptions(sources)
    return {
        "title": sources.title,
        "day": long_day(sources.at.date()),
        "sections": SECTIONS,
        "plan": plan,
        "warning": plan.warning or ("" if plan.wins else UNPROVEN),
        "weeks": weeks,
        "placed": plan.circles.height,
        "circles": sections.circle_cards(sources, MOST_CARDS),
        "circle_count": plan.circle_table.height,
        "address": dict(plan.circle_table.select("circle", "address").iter_rows()),
        "now_kept": count(now),
        "at_mark": {"nothing": count(without), "plan": count(with_plan)},
        "sentence": sections.sentence(sources, now, without, with_plan),
        "week": week,
        "week_shown": week_shown,
        "week_count": plan.this_week.height,
        "left_out": plan.left_out.head(MOST_ROWS).to_dicts(),
        "left_out_count": plan.left_out.height,
        "limit": MOST_ROWS,
        "most_cards": MOST_CARDS,
        "replicates": plan.settings["replicates"],
        "outreach": outreach.section(sources),
        "forecasts": [
            (title, Markup(figures.forecast_chart(sources, measure, title)), sections.forecast_rows(sources, measure))
            for measure, title in (("people", "People in touch"), ("bonds", "Bonds of today that hold"))
        ],
        "hazards": assumed,
        "hazards_words": assumed_words,
        "comparison": sections.comparison(plan.comparison),
        "comparison_figure": Markup(figures.comparison_chart(sources)) if plan.comparison.height else "",
        "cost": count(cost),
        "cost_each": f"{cost / max(plan.circles.height, 1):.1f}",
        "map_figure": Markup(bond_map.bond_map(sources)),
        "map_words": _map_words(sources),
        "links": bond_map.strongest_links(sources, MOST_LINKS),
        "bond_count": sources.bonds.height,
        "bond_standing": [(name, bond_counts.get(name, 0)) for name in ("kept", "due", "fading", "lost")],
        "fading": _fading(sources.bonds),
        "half_life": f"{plan.settings['half_life_days']:g} days",
        "standing_figure": Markup(figures.standing_chart(sources)),
        "standing_total": standing.height,
        "people_standing": [(name, counts.get(name, 0), words) for name, words in DEFINITIONS.items()],
        "people_lists": [
            (name, standing.filter(pl.col("standing") == name).head(MOST_ROWS).to_dicts(), counts[name])
            for name in ("lost", "fading", "due", "kept")
            if counts.get(name)
        ],
        "unmet": sections.rules_not_met(sources, MOST_ROWS),
        "unmet_count": plan.unmet.height,
        "excluded": plan.excluded.head(MOST_ROWS).to_dicts(),
        "excluded_count": plan.excluded.height,
        "quality": list(sources.quality.items()),
        "duplicates": sources.duplicates.head(MOST_ROWS // 4).to_dicts(),
        "duplicates_count": sources.duplicates.height,
        "provenance": _provenance(sources),
        "version": version("tenfold"),
    }


def _mean(people: pl.DataFrame, scenario: str, week: int) -> float:
    return float(people.filter((pl.col("scenario") == scenario) & (pl.col("week") == week))["mean"][0])


def _provenance(sources: Sources) -> list[tuple[str, Any]]:
    """Settings, then versions and inputs."""
    settings = [(name.replace("_", " "), value) for name, value in sources.plan.settings.items() if name != "seed"]
    return [*settings, *sources.provenance.items()]


def _fading(bonds: pl.DataFrame) -> list[dict[str, Any]]:
    """The strongest bonds that are slipping away."""
    slipping = bonds.filter(pl.col("standing").is_in(["due", "fading"]))
    return slipping.sort("strength", "a", "b", descending=[True, False, False]).head(MOST_ROWS // 4).to_dicts()


def _map_words(sources: Sources) -> str:
    if sources.plan.circles.height > bond_map.MOST_POINTS:
        return (
            "Each point is a circle, larger with more people and darker where more of them are kept. "
            "Lines are the strongest living bonds between circles. "
            "Circles of one ring lie together."
        )
    return (
        "Each disc is a circle with its address, each mark in it a person, by standing. Lines are the strongest living bonds: "
        "dark inside a circle, violet between circles. Circles of one ring lie together."
    )
