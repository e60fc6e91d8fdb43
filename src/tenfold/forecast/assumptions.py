"""What the forecast assumes: what a contact does, how much bonds keep people, which planned contacts take place; each with its source."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tenfold.bonds.strength import Bonds
from tenfold.forecast.adherence import Adherence
from tenfold.forecast.future import Future

__all__ = ["Assumptions", "assume"]

MIN_CASES = 100
ANSWERED = "prior: newcomers who get a reply come again more often by 12 in 100 (Joyce & Kraut 2006)"
WORDS = {
    "degree_ratios": "living bonds change a person's hazard to leave",
    "contact_ratio": "a contact changes a person's hazard to leave",
    "adherence": "planned contacts that take place",
    "formation": "strangers",
    "renewal": "lapsed bonds",
    "reactivation": "lost people",
}


@dataclass(frozen=True)
class Assumptions:
    """What contacts and bonds do; chances are from 0 to 1.

    Attributes
    ----------
    degree_ratios
        Hazard ratio of a person with 0, 1, 2, … and more living bonds. It acts where a plan changes the bonds; without a plan the
        chances stand as
        they were fitted.
    contact_ratio
        Hazard ratio of a person in a week with a contact over a living bond.
    adherence
        Chance that a planned contact takes place.
    formation, renewal
        Chance that a contact forms a bond between strangers; between two who had a bond that has lapsed.
    reactivation
        Chance that a contact brings back a person who is not in touch.
    sources
        Where each of these comes from, by name.
    """

    degree_ratios: tuple[float, ...]
    contact_ratio: float
    adherence: float
    formation: float
    renewal: float
    reactivation: float
    sources: dict[str, str]

    def worth(self, share: float) -> Assumptions:
        """The same where only this share (0 to 1) of the contacts that take place have any effect: with 0 a plan is as nothing."""
        return replace(self, adherence=share * self.adherence)

    def table(self, future: Future) -> pl.DataFrame:
        """One row for each number behind the forecast: `name`, `value` (text), `source`; the fitted chances first, then what is assumed."""

        def still(weekly: np.ndarray, who: str) -> str:
            now = max(float(weekly[:, 0].sum()), 1e-9)
            left = [float((weekly[:, 0] * weekly[:, week]).sum()) / now for week in (4, 12, 52)]
            return f"{who}: {left[0]:.0%} still so after 4 weeks, {left[1]:.0%} after 12, {left[2]:.0%} after 52"

        values = {
            "degree_ratios": ", ".join(f"× {ratio:g}" for ratio in self.degree_ratios) + " with 0, 1, 2, … living bonds",
            "contact_ratio": f"× {self.contact_ratio:g} in a week with a contact",
            "adherence": f"{self.adherence:.0%} of planned contacts take place",
            "formation": f"{self.formation:.1%} of contacts between strangers make a bond",
            "renewal": f"{self.renewal:.1%} of contacts renew a bond that had lapsed",
            "reactivation": f"{self.reactivation:.1%} of contacts bring back somebody who was lost",
        }
        fitted = [
            {"name": name, "value": still(one.weekly, who), "source": _source(one.model, one.why)}
            for name, who, one in (
                ("people, without a plan", "of those in touch today", future.chances),
                ("bonds, without a plan", "of the pairs in contact today", future.bonds),
            )
        ]
        rows = fitted + [{"name": WORDS[name], "value": value, "source": self.sources[name]} for name, value in values.items()]
        return pl.DataFrame(rows, schema={"name": pl.String, "value": pl.String, "source": pl.String})


def assume(bonds: Bonds, adherence: Adherence) -> Assumptions:
    """What is assumed of a community; how often strangers stay in contact, and planned contacts take place, is taken from its own past as
    far as there is one."""
    formation, source = _repeat_share(bonds)
    return Assumptions(
        degree_ratios=(2.0, 1.4, 1.0, 0.8, 0.7, 0.6),
        contact_ratio=0.7,
        adherence=adherence.share,
        formation=formation,
        renewal=max(0.3, formation),
        reactivation=0.12,
        sources={
            "degree_ratios": "direction: people leave when few friends stay (Garcia et al. 2013); sizes assumed",
            "contact_ratio": "prior: planned calls cut drop-outs by about 30 % (Mate et al. 2022)",
            "adherence": adherence.words(),
            "formation": source,
            "renewal": "assumed, and no less than between strangers",
            "reactivation": ANSWERED,
        },
    )


def _source(model: tuple[str, ...], why: tuple[str, ...]) -> str:
    """Where fitted chances come from, in words."""
    if model[2] in ("assumed", "none"):
        return f"assumed: {why[2]}"
    return f"own past, {model[2]}: {why[2].split(': ', 1)[-1]}"


def _repeat_share(bonds: Bonds) -> tuple[float, str]:
    """Share of the pairs first in contact at least 30 days ago that were in contact again a week or more later, and its source."""
    old = bonds.table.filter((pl.lit(bonds.at) - pl.col("first")).dt.total_days() >= 30)
    if old.height < MIN_CASES:
        return 0.12, ANSWERED
    again = old.filter((pl.col("last") - pl.col("first")).dt.total_days() >= 7).height
    share = float(np.clip(again / old.height, 0.02, 0.5))
    return share, f"own past: {again} of {old.height} pairs were in touch again a week or more later"
