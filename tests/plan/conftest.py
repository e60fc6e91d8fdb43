"""A community at one moment, and each stage of its plan; the results of a stage are shared, and not to be changed."""

from __future__ import annotations

import pytest

from community import ENDS, demo_community
from tenfold.bonds.strength import measure_bonds
from tenfold.plan.bridges import Bridges, choose_bridges
from tenfold.plan.candidates import Candidates, find_candidates
from tenfold.plan.carers import Carers, choose_carers
from tenfold.plan.circles import Circles, assign_circles
from tenfold.plan.limits import Limits
from tenfold.plan.situation import Situation, build_situation


@pytest.fixture(scope="session")
def situation() -> Situation:
    people, contacts = demo_community()
    return build_situation(people, contacts, measure_bonds(contacts, at=ENDS))


@pytest.fixture(scope="session")
def circles(situation) -> Circles:
    return assign_circles(situation, Limits(), seed=1)


@pytest.fixture(scope="session")
def carers(situation, circles) -> Carers:
    return choose_carers(situation, circles, Limits())


@pytest.fixture(scope="session")
def bridges(situation, circles, carers) -> Bridges:
    return choose_bridges(situation, circles, carers)


@pytest.fixture(scope="session")
def candidates(situation, circles, carers, bridges) -> Candidates:
    return find_candidates(situation, circles, carers, bridges)
