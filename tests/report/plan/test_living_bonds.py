"""Living bonds between circles."""

import pytest

from tenfold.report.plan.living_bonds import strongest_links


def test_the_strongest_links_are_those_of_the_bonds(made_up):
    circle = dict(made_up.plan.circles.select("person", "circle").iter_rows())
    found: dict[tuple[int, int], float] = {}
    for a, b, strength, standing in made_up.bonds.select("a", "b", "strength", "standing").iter_rows():
        pair = (min(circle[a], circle[b]), max(circle[a], circle[b]))
        if standing != "lost" and pair[0] != pair[1]:
            found[pair] = found.get(pair, 0.0) + strength
    links = {(link["one"], link["two"]): link["strength"] for link in strongest_links(made_up, 100)}
    assert links == pytest.approx(found)
