"""Weekly hazards: fitted to the community's own past where that is long enough, else from studies elsewhere.

The hazard at an age (in weeks) is estimated as by Kaplan and Meier 1958: the share of those observed at that age who were last seen in that
week, with the prior counted as 50 more cases for each week of age. Bonds and people that are not lost are censored at their last contact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.bonds.rhythm import LOST, add_rhythm
from tenfold.bonds.strength import Bonds
from tenfold.people.contacts import Contacts

__all__ = ["WEEKS", "Hazards", "fit_hazards", "weibull_hazard"]

Floats = NDArray[np.float64]
WEEKS = 53
WORDS = {
    "bond": "bonds that nobody tends",
    "person": "people, before their bonds are counted",
    "degree_ratios": "living bonds change a person's hazard to leave",
    "contact_ratio": "a contact changes a person's hazard to leave",
    "adherence": "planned contacts that take place",
    "formation": "strangers",
    "renewal": "lapsed bonds",
    "reactivation": "lost people",
}
PRIOR_WEIGHT = 50.0  # cases for each week of age
MIN_CASES, MIN_ENDS = 100, 30
WEEKS_A_MONTH = 365.25 / 12 / 7

# A fellowship's survey: 70, 50 and 26 per cent left after 1, 3 and 12 months; −ln S = .375 t^.535 (t in months) runs through all three.
PRIOR_SCALE, PRIOR_SHAPE = 0.375, 0.535
SURVEY = "prior: a fellowship's survey, 70 %, 50 % and 26 % left after 1, 3 and 12 months"


@dataclass(frozen=True)
class Hazards:
    """Hazards of bonds and people, and what contacts do; chances are from 0 to 1.

    Attributes
    ----------
    bond, person
        (53) Hazard by age in weeks, 0..52: −ln of the chance to survive the week. The last one holds for all later ages.
    degree_ratios
        Hazard ratio of a person with 0, 1, 2, … and more living bonds.
    contact_ratio
        Hazard ratio of a person in a week with a contact over a living bond.
    adherence
        Chance that a planned contact takes place.
    formation, renewal
        Chance that a contact forms a bond between strangers; between two who had a bond that has lapsed.
    reactivation
        Chance that a contact brings back a person who was lost.
    sources
        Where each of these comes from, by name.
    """

    bond: Floats
    person: Floats
    degree_ratios: tuple[float, ...]
    contact_ratio: float
    adherence: float
    formation: float
    renewal: float
    reactivation: float
    sources: dict[str, str]

    def table(self) -> pl.DataFrame:
        """One row for each parameter: `name`, `value` (text), `source`."""

        def survival(hazard: Floats) -> str:
            left = np.exp(-np.cumsum(hazard))
            return f"{left[3]:.0%} left after 4 weeks, {left[11]:.0%} after 12, {left[51]:.0%} after 52"

        values = {
            "bond": survival(self.bond),
            "person": survival(self.person),
            "degree_ratios": ", ".join(f"× {ratio:g}" for ratio in self.degree_ratios) + " with 0, 1, 2, … living bonds",
            "contact_ratio": f"× {self.contact_ratio:g} in a week with a contact",
            "adherence": f"{self.adherence:.0%} of planned contacts take place",
            "formation": f"{self.formation:.1%} of contacts between strangers make a bond",
            "renewal": f"{self.renewal:.1%} of contacts renew a bond that had lapsed",
            "reactivation": f"{self.reactivation:.1%} of contacts bring back somebody who was lost",
        }
        rows = [{"name": WORDS[name], "value": value, "source": self.sources[name]} for name, value in values.items()]
        return pl.DataFrame(rows, schema={"name": pl.String, "value": pl.String, "source": pl.String})


def fit_hazards(contacts: Contacts, bonds: Bonds) -> Hazards:
    """Hazards from the past up to the moment of `bonds`, with the source of each."""
    prior = weibull_hazard()
    bond, bond_source = _hazard_by_age(bonds.table.select("first", "last", "ratio"), prior, "bonds")
    person, person_source = _hazard_by_age(_observed_people(contacts.until(bonds.at), bonds), prior, "people")
    formation, formation_source = _repeat_share(bonds)
    return Hazards(
        bond=bond,
        person=person,
        degree_ratios=(2.0, 1.4, 1.0, 0.8, 0.7, 0.6),
        contact_ratio=0.7,
        adherence=0.8,
        formation=formation,
        renewal=max(0.3, formation),
        reactivation=0.12,
        sources={
            "bond": bond_source,
            "person": person_source,
            "degree_ratios": "direction: people leave when few friends stay (Garcia et al. 2013); sizes assumed",
            "contact_ratio": "prior: planned calls cut drop-outs by about 30 % (Mate et al. 2022)",
            "adherence": "assumed",
            "formation": formation_source,
            "renewal": "assumed, and no less than between strangers",
            "reactivation": "prior: newcomers who get a reply come again more often by 12 in 100 (Joyce & Kraut 2006)",
        },
    )


def weibull_hazard(scale: float = PRIOR_SCALE, shape: float = PRIOR_SHAPE) -> Floats:
    """Weekly hazards of the Weibull survival exp(−scale · months^shape) at ages 0..52 weeks."""
    cumulated = scale * (np.arange(WEEKS + 1) / WEEKS_A_MONTH) ** shape
    hazard: Floats = np.diff(cumulated)
    return hazard


def _hazard_by_age(observed: pl.DataFrame, prior: Floats, what: str) -> tuple[Floats, str]:
    """Hazard by age from the columns `first`, `last`, `ratio`, and its source."""
    weeks = observed.select(
        age=((pl.col("last") - pl.col("first")).dt.total_days() // 7).clip(0, WEEKS - 1),
        ended=pl.col("ratio") > LOST,
    )
    ends = int(weeks["ended"].sum())
    if weeks.height < MIN_CASES or ends < MIN_ENDS:
        return prior, f"{SURVEY}; the own past is not enough ({weeks.height} {what}, {ends} ended)"
    last_seen = np.bincount(weeks["age"].to_numpy(), minlength=WEEKS)
    ended = np.bincount(weeks.filter("ended")["age"].to_numpy(), minlength=WEEKS)
    at_risk = last_seen[::-1].cumsum()[::-1]
    chance = (ended + PRIOR_WEIGHT * -np.expm1(-prior)) / (at_risk + PRIOR_WEIGHT)
    return -np.log1p(-chance), f"own past: {weeks.height} {what}, {ends} ended"


def _observed_people(past: Contacts, bonds: Bonds) -> pl.DataFrame:
    """`first`, `last` and `ratio` of each person."""
    ends = [past.table.select("time", person=pl.col(end).cast(pl.String)) for end in ("a", "b")]
    seen = pl.concat([*ends, past.gatherings.select("time", person=pl.col("person").cast(pl.String))])
    table = seen.group_by("person").agg(
        first=pl.col("time").min(), last=pl.col("time").max(), days=pl.col("time").dt.date().n_unique()
    )
    return add_rhythm(table, bonds.at)[0]


def _repeat_share(bonds: Bonds) -> tuple[float, str]:
    """Share of the pairs first in contact at least 30 days ago that were in contact again a week or more later, and its source."""
    old = bonds.table.filter((pl.lit(bonds.at) - pl.col("first")).dt.total_days() >= 30)
    if old.height < MIN_CASES:
        return 0.12, "prior: newcomers who get a reply come again more often by 12 in 100 (Joyce & Kraut 2006)"
    again = old.filter((pl.col("last") - pl.col("first")).dt.total_days() >= 7).height
    share = float(np.clip(again / old.height, 0.02, 0.5))
    return share, f"own past: {again} of {old.height} pairs were in touch again a week or more later"
