"""The world as data: what each parameter means, its default, and parameters that cannot be."""

from dataclasses import fields

import pytest

from tenfold.errors import SpecError
from tenfold.world.world import LIVED, World, meanings


def test_every_parameter_has_a_meaning_and_is_in_the_docs(docs):
    told = meanings()
    text = (docs / "world.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    for field in fields(World):
        assert len(told[field.name]) > 10
        cells = [cell.strip() for cell in rows[field.name].split("|")]
        default = "yes" if field.default is True else "no" if field.default is False else str(field.default)
        assert cells[2] == default, field.name
        lived = LIVED.get(field.name, field.default)
        assert cells[3] == ("yes" if lived is True else "no" if lived is False else str(lived)), field.name


@pytest.fixture
def docs():
    from pathlib import Path

    return Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": 0}, "people is 0; expected a whole number from 1 to 100000000000."),
        ({"people": 10**11 + 1}, "people is 100000000001; expected"),
        ({"people": 1.5}, "people is 1.5; expected a whole number"),
        ({"threshold": 0.0}, "threshold is 0.0; expected a share above 0, up to 1."),
        ({"threshold": 1.01}, "threshold is 1.01; expected a share"),
        ({"threshold": float("nan")}, "threshold is nan; expected a share"),
        ({"factor": 0.0}, "factor is 0.0; expected a number above 0."),
        ({"factor": -3}, "factor is -3; expected a number above 0."),
        ({"factor": 1e200}, "factor is 1e+200; expected less"),
        ({"first": float("inf")}, "first is inf; expected a number above 0."),
        ({"lapse": -0.1}, "lapse is -0.1; expected a number of at least 0."),
        ({"mentor_choice": "best"}, "mentor_choice is 'best'; expected random or even."),
        ({"virtual_circles": 1}, "virtual_circles is 1; expected True or False."),
        ({"isolated_below": 0}, "isolated_below is 0; expected a whole number from 1 to 11."),
    ],
)
def test_worlds_that_cannot_be(changes, words):
    with pytest.raises(SpecError) as error:
        World(**changes)
    assert str(error.value).startswith(words)


def test_unknown_parameters_are_refused():
    with pytest.raises(SpecError, match="'nothing' is no parameter"):
        World(100).with_changes(nothing=1)
