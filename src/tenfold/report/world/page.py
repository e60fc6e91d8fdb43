"""The page of a world: from one circle to the whole."""

from __future__ import annotations

from tenfold.report.rendering import Section, render, stylesheet
from tenfold.report.world.sections import crisis, degrees, growth, parameters, provenance, summary, village_map
from tenfold.version import __version__
from tenfold.world.result import WorldResult

__all__ = ["SECTIONS", "world_page"]

SECTIONS: tuple[Section[WorldResult], ...] = (
    Section("short", "In short", "world/summary", summary.content),
    Section("climb-section", "Degree by degree", "world/growth", growth.content),
    Section("spectrum", "Who stands where", "world/degrees", degrees.content),
    Section("map", "To the last village", "world/village_map", village_map.content),
    Section("crisis-section", "The crisis, and what ends it", "world/crisis", crisis.content),
    Section("rests", "What it rests on", "world/parameters", parameters.content),
    Section("how", "How this was computed", "world/provenance", provenance.content),
)
"""The sections in the order of the page."""


def world_page(run: WorldResult) -> str:
    """One self-contained HTML file.

    Parameters
    ----------
    run
        A run of a world; of several replicates, the first is shown.
    """
    sections = {section.template.removeprefix("world/"): render(section.template, section.content(run)) for section in SECTIONS}
    page = {"style": stylesheet("world"), "people": run.world.people, "version": __version__}
    return render("world/page", page | sections)
