"""From templates to HTML. One environment serves all pages; a section has a template and a dictionary of plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.report.words import format_count

__all__ = ["Section", "render", "stylesheet"]

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Section(Generic[Subject]):
    """A section of a page.

    `anchor`: the id of its element. `title`: its entry in the navigation. `template`: the path of its template, without the suffix.
    `content`: from the subject of the page to the data that the template shows.
    """

    anchor: str
    title: str
    template: str
    content: Callable[[Subject], dict[str, Any]]


def render(template: str, data: Mapping[str, Any]) -> Markup:
    """The HTML of a template, named by its path without the suffix, such as ``plan/circle_cards``. All text in `data` is escaped."""
    return Markup(_environment().get_template(f"{template}.html.j2").render(data))


def stylesheet(*subjects: str) -> Markup:
    """The style that all pages share, and then that of each of the subjects."""
    environment = _environment()
    assert environment.loader is not None
    paths = ["style.css", *(f"{subject}/style.css" for subject in subjects)]
    return Markup("\n").join(Markup(environment.loader.get_source(environment, path)[0]) for path in paths)


@cache
def _environment() -> Environment:
    """Undefined names raise, and all text is escaped."""
    environment = Environment(
        loader=PackageLoader("tenfold.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["grouped"] = format_count
    return environment
