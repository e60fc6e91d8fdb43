"""The people of a plan and some pairs of them as a cohort, for the simulation."""

from __future__ import annotations

import numpy as np

from tenfold.forecast.simulate import Cohort, hazard_after
from tenfold.plan.situation import Situation
from tenfold.plan.ties import Pairs

__all__ = ["SLIGHT", "build_cohort"]

SLIGHT = 0.002
"""A bond whose chance never exceeds this is taken to be in contact only through a plan."""


def build_cohort(situation: Situation, pairs: Pairs) -> Cohort:
    """The community at week 0; `pairs` are those of `number_pairs`, all ties first."""
    people, ties, languages, future = situation.people, situation.ties, situation.languages, situation.future
    m, known = len(pairs), len(ties)
    person = future.of_people(people["id"])
    bond = future.of_pairs(people["id"].gather(ties.a), people["id"].gather(ties.b))
    rows = np.flatnonzero(bond.max(axis=1, initial=0.0) > SLIGHT)
    shared = (languages[pairs.a] & languages[pairs.b]).any(axis=1) if languages.shape[1] else np.ones(m, np.bool_)
    return Cohort(
        person=person,
        a=pairs.a,
        b=pairs.b,
        pair=rows,
        bond=bond[rows],
        known=np.arange(m) < known,
        no_shared_language=np.logical_not(shared),
        person_after=hazard_after(person),
        bond_after=hazard_after(bond),
    )
