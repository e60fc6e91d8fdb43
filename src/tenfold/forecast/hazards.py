"""Weekly hazards: fitted to the community's own past where it has enough, else from what is known elsewhere.

A hazard by age is the share of those still there at that age (in weeks) who were last seen in that week: Kaplan, Meier 1958, with the
prior counted as 50 cases a week of age. Bonds and people that are not lost are censored at their last contact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.bonds.rhythm import LOST, add_rhythm
from tenfold.bonds.strength import Bonds
from tenfold.people.contacts import Contacts

__all__ = ["WEEKS", "Hazards", "fit_hazards"]

WEEKS = 53
WORDS = {
    "bond": "bonds that nobody tends",
    "person": "people, before their bonds are counted",
    "company": "living bonds change a person's hazard to leave",
    "protection": "a contact changes a person's hazard to leave",
    "adherence": "planned contacts that take place",
    "form": "strangers",
    "renew": "lapsed bonds",
    "back": "lost people",
}
PRIOR_WEIGHT = 50.0  # cases a week of age
ENOUGH_CASES, ENOUGH_ENDS = 100, 30
WEEKS_A_MONTH = 365.25 / 12 / 7

# A fellowship's survey: 70, 50 and 26 per cent left after 1, 3 and 12 months; −ln S = .375 t^.535 (t in months) runs through all three.
PRIOR_SCALE, PRIOR_SHAPE = 0.375, 0.535
SURVEY = "prior: a fellowship's survey, 70 %, 50 % and 26 % left after 1, 3 and 12 months"


@dataclass(frozen=True)
class Hazards:
    """What the simulation needs to know; chances are per week or per contact, from 0 to 1.

    `bond`, `person`: hazard (−ln of the weekly survival) by age in weeks, 0..52; the last one holds for older ones.
    `company`: multiplier of a person's hazard with 0, 1, 2, 3 and more living bonds.
    `protection`: multiplier of the hazard of a person who is contacted over a living bond in that week.
    `adherence`: chance that a planned contact takes place. `form`: that a contact between strangers makes a bond. `renew`: that one
    between people who had a bond does. `back`: that a contact brings back somebody who was lost.
    `sources`: for each of these, where it comes from.
    """

    bond: NDArray[np.float64]
    person: NDArray[np.float64]
    company: tuple[float, ...]
    protection: float
    adherence: float
    form: float
    renew: float
    back: float
    sources: dict[str, str]

    def table(self) -> pl.DataFrame:
        """One row a parameter: `name`, `value` (text), `source`."""

        def left(hazard: NDArray[np.float64]) -> str:
            kept = np.exp(-np.cumsum(hazard))
            return f"{kept[3]:.0%} left after 4 weeks, {kept[11]:.0%} after 12, {kept[51]:.0%} after 52"

        values = {
            "bond": left(self.bond),
            "person": left(self.person),
            "company": ", ".join(f"× {factor:g}" for factor in self.company) + " with 0, 1, 2, … living bonds",
            "protection": f"× {self.protection:g} in a week with a contact",
            "adherence": f"{self.adherence:.0%} of planned contacts take place",
            "form": f"{self.form:.1%} of contacts between strangers make a bond",
            "renew": f"{self.renew:.1%} of contacts renew a bond that had lapsed",
            "back": f"{self.back:.1%} of contacts bring back somebody who was lost",
        }
        rows = [{"name": WORDS[name], "value": value, "source": self.sources[name]} for name, value in values.items()]
        return pl.DataFrame(rows, schema={"name": pl.String, "value": pl.String, "source": pl.String})


def fit_hazards(contacts: Contacts, bonds: Bonds) -> Hazards:
    """Hazards from the past up to the moment of `bonds`, with the source of each."""
    prior = weibull_hazard()
    life = bonds.table.select("first", "last", "ratio")
    bond, bond_source = _by_age(life, prior, "bonds")
    past = contacts.until(bonds.at)
    person, person_source = _by_age(_people(past, bonds), prior, "people")
    form, form_source = _repeated(bonds)
    return Hazards(
        bond=bond,
        person=person,
        company=(2.0, 1.4, 1.0, 0.8, 0.7, 0.6),
        protection=0.7,
        adherence=0.8,
        form=form,
        renew=max(0.3, form),
        back=0.12,
        sources={
            "bond": bond_source,
            "person": person_source,
            "company": "direction: people leave when few friends stay (Garcia et al. 2013); sizes assumed",
            "protection": "prior: planned calls cut drop-outs by about 30 % (Mate et al. 2022)",
            "adherence": "assumed",
            "form": form_source,
            "renew": "assumed, and no less than between strangers",
            "back": "prior: newcomers who get a reply come again more often by 12 in 100 (Joyce & Kraut 2006)",
        },
    )


def weibull_hazard(scale: float = PRIOR_SCALE, shape: float = PRIOR_SHAPE) -> NDArray[np.float64]:
    """Weekly hazards of the survival exp(−scale · months^shape) at ages 0..52 weeks."""
    cumulated = scale * (np.arange(WEEKS + 1) / WEEKS_A_MONTH) ** shape
    hazard: NDArray[np.float64] = np.diff(cumulated)
    return hazard


def _by_age(life: pl.DataFrame, prior: NDArray[np.float64], what: str) -> tuple[NDArray[np.float64], str]:
    """Hazard by age from `first`, `last`, `ratio`, and its source."""
    weeks = life.select(
        age=((pl.col("last") - pl.col("first")).dt.total_days() // 7).clip(0, WEEKS - 1),
        ended=pl.col("ratio") > LOST,
    )
    ends = int(weeks["ended"].sum())
    if weeks.height < ENOUGH_CASES or ends < ENOUGH_ENDS:
        return prior, f"{SURVEY}; the own past is not enough ({weeks.height} {what}, {ends} ended)"
    last_seen = np.bincount(weeks["age"].to_numpy(), minlength=WEEKS)
    ended = np.bincount(weeks.filter("ended")["age"].to_numpy(), minlength=WEEKS)
    at_risk = last_seen[::-1].cumsum()[::-1]
    chance = (ended + PRIOR_WEIGHT * -np.expm1(-prior)) / (at_risk + PRIOR_WEIGHT)
    return -np.log1p(-chance), f"own past: {weeks.height} {what}, {ends} ended"


def _people(past: Contacts, bonds: Bonds) -> pl.DataFrame:
    """First, last and ratio of each person."""
    ends = [past.table.select("time", person=pl.col(end).cast(pl.String)) for end in ("a", "b")]
    seen = pl.concat([*ends, past.gatherings.select("time", person=pl.col("person").cast(pl.String))])
    table = seen.group_by("person").agg(
        first=pl.col("time").min(), last=pl.col("time").max(), days=pl.col("time").dt.date().n_unique()
    )
    return add_rhythm(table, bonds.at)[0]


def _repeated(bonds: Bonds) -> tuple[float, str]:
    """Share of pairs in touch again a week or more later, among those first in contact at least 30 days ago."""
    old = bonds.table.filter((pl.lit(bonds.at) - pl.col("first")).dt.total_days() >= 30)
    if old.height < ENOUGH_CASES:
        return 0.12, "prior: newcomers who get a reply come again more often by 12 in 100 (Joyce & Kraut 2006)"
    again = old.filter((pl.col("last") - pl.col("first")).dt.total_days() >= 7).height
    return float(
        np.clip(again / old.height, 0.02, 0.5)
    ), f"own past: {again} of {old.height} pairs were in touch again a week or more later"
