"""The ladder of degrees."""

from __future__ import annotations

import pytest

from tenfold.errors import SpecError
from tenfold.world.ladder import degree_name, ladder


def test_the_numbers_of_the_text():
    assert [ladder(degree) for degree in range(6)] == [1, 60, 600, 6_000, 60_000, 600_000]
    assert [degree_name(degree) for degree in range(4)] == ["Malchut", "Zeir Anpin", "YESHSUT", "degree 3"]


@pytest.mark.parametrize(("factor", "first"), [(8, 6), (12, 1), (0.5, 2.5)])
def test_each_degree_is_a_factor_above_the_one_below(factor, first):
    assert ladder(0, factor=factor, first=first) == 1
    assert ladder(1, factor=factor, first=first) == pytest.approx(first * factor)
    for degree in range(2, 12):
        assert ladder(degree, factor=factor, first=first) == pytest.approx(
            factor * ladder(degree - 1, factor=factor, first=first)
        )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ladder(-1), "degree is -1; expected a whole number from 0 to 11."),
        (lambda: ladder(1.0), "degree is 1.0; expected a whole number from 0 to 11."),
        (lambda: ladder(1, factor=0), "factor is 0; expected a number above 0."),
        (lambda: ladder(1, factor=float("nan")), "factor is nan; expected a number above 0."),
        (lambda: ladder(1, first="six"), "first is 'six'; expected a number above 0."),
    ],
)
def test_bad_degrees_are_refused_in_one_line(call, message):
    with pytest.raises(SpecError) as error:
        call()
    assert str(error.value) == message
