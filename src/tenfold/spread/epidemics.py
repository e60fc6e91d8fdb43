"""Named models of infection: who is susceptible, who is infectious, who is immune."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Spontaneous

__all__ = ["pace", "sair", "seir", "seis", "si", "sir", "sir_vaccination", "sird", "sirs", "sis", "sveir", "swir"]

KERMACK = "Kermack, McKendrick 1927, doi:10.1098/rspa.1927.0118"
ANDERSON = "Anderson, May 1991, Infectious Diseases of Humans"


class SairRates(TypedDict, total=False):
    """Rates of `sair`, in place of its chances, for the continuous clock."""

    rate: float | None
    silent_rate: float | None
    recovery_rate: float | None
    silent_recovery_rate: float | None


class SveirRates(TypedDict, total=False):
    """Rates of `sveir`, in place of its chances, for the continuous clock."""

    rate: float | None
    vaccination_rate: float | None
    onset_rate: float | None
    recovery_rate: float | None


def pace(chance: float | str, rate: float | str | None) -> dict[str, Any]:
    """The chance, or the rate where one is given."""
    return {"chance": chance} if rate is None else {"rate": rate}


def si(*, chance: float | str = 0.1, rate: float | str | None = None) -> Model:
    """Susceptible, infectious for ever."""
    return Model(("S", "I"), (Contact("S", "I", via="I", **pace(chance, rate)),), "si", KERMACK)


def sis(
    *, chance: float | str = 0.1, recovery: float = 0.2, rate: float | str | None = None, recovery_rate: float | None = None
) -> Model:
    """Susceptible, infectious, susceptible again."""
    rules = (Contact("S", "I", via="I", **pace(chance, rate)), Spontaneous("I", "S", **pace(recovery, recovery_rate)))
    return Model(("S", "I"), rules, "sis", KERMACK)


def sir(
    *, chance: float | str = 0.05, recovery: float = 0.1, rate: float | str | None = None, recovery_rate: float | None = None
) -> Model:
    """Susceptible, infectious, recovered for ever."""
    rules = (Contact("S", "I", via="I", **pace(chance, rate)), Spontaneous("I", "R", **pace(recovery, recovery_rate)))
    return Model(("S", "I", "R"), rules, "sir", KERMACK)


def seir(
    *,
    chance: float | str = 0.05,
    onset: float = 0.2,
    recovery: float = 0.1,
    rate: float | str | None = None,
    onset_rate: float | None = None,
    recovery_rate: float | None = None,
) -> Model:
    """As SIR, with a time of being exposed before being infectious."""
    rules = (
        Contact("S", "E", via="I", **pace(chance, rate)),
        Spontaneous("E", "I", **pace(onset, onset_rate)),
        Spontaneous("I", "R", **pace(recovery, recovery_rate)),
    )
    return Model(("S", "E", "I", "R"), rules, "seir", ANDERSON)


def seis(
    *,
    chance: float | str = 0.05,
    onset: float = 0.2,
    recovery: float = 0.1,
    rate: float | str | None = None,
    onset_rate: float | None = None,
    recovery_rate: float | None = None,
) -> Model:
    """As SEIR, but who recovers is susceptible again."""
    rules = (
        Contact("S", "E", via="I", **pace(chance, rate)),
        Spontaneous("E", "I", **pace(onset, onset_rate)),
        Spontaneous("I", "S", **pace(recovery, recovery_rate)),
    )
    return Model(("S", "E", "I"), rules, "seis", ANDERSON)


def sirs(
    *,
    chance: float | str = 0.05,
    recovery: float = 0.1,
    loss: float = 0.02,
    rate: float | str | None = None,
    recovery_rate: float | None = None,
    loss_rate: float | None = None,
) -> Model:
    """As SIR, but recovery is lost again."""
    rules = (
        Contact("S", "I", via="I", **pace(chance, rate)),
        Spontaneous("I", "R", **pace(recovery, recovery_rate)),
        Spontaneous("R", "S", **pace(loss, loss_rate)),
    )
    return Model(("S", "I", "R"), rules, "sirs", ANDERSON)


def swir(*, infection: float = 0.05, weakening: float = 0.1, weak_infection: float = 0.3, recovery: float = 1.0) -> Model:
    """A contact infects, or only weakens; the weakened are infected more easily."""
    rules = (
        Contact("S", "I", via="I", chance=infection),
        Contact("S", "W", via="I", chance=weakening),
        Contact("W", "I", via="I", chance=weak_infection),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "W", "I", "R"), rules, "swir", "Lee, Choi, Kahng 2017, doi:10.1038/s41598-017-09157-x")


def sir_vaccination(*, chance: float | str = 0.05, recovery: float = 0.1, vaccination: float = 0.02, since: int = 10) -> Model:
    """As SIR; from step `since` on the susceptible are vaccinated with a chance of their own."""
    rules = (
        Spontaneous("S", "V", since=since, chance=vaccination),
        Contact("S", "I", via="I", chance=chance),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "I", "R", "V"), rules, "sir_vaccination", ANDERSON)


def sird(
    *,
    chance: float | str = 0.05,
    recovery: float = 0.1,
    death: float = 0.01,
    rate: float | str | None = None,
    recovery_rate: float | None = None,
    death_rate: float | None = None,
) -> Model:
    """As SIR, but some die: at each step who is infectious recovers, dies or stays so; `recovery` and `death` are at most 1 together."""
    if checks.share(recovery, "sird: recovery") + checks.share(death, "sird: death") > 1:
        raise SpecError(f"sird: recovery is {recovery} and death {death}; expected at most 1 together.")
    of_the_rest = (
        min(1.0, death / (1 - recovery)) if recovery < 1 else 0.0
    )  # the second rule is tried where the first did not fire
    rules = (
        Contact("S", "I", via="I", **pace(chance, rate)),
        Spontaneous("I", "R", **pace(recovery, recovery_rate)),
        Spontaneous("I", "D", **pace(of_the_rest, death_rate)),
    )
    return Model(("S", "I", "R", "D"), rules, "sird", ANDERSON)


def sair(
    *,
    chance: float = 0.05,
    silent_chance: float = 0.03,
    symptoms: float = 0.6,
    recovery: float = 0.1,
    silent_recovery: float = 0.1,
    **rates: Unpack[SairRates],
) -> Model:
    """As SIR, but only a share `symptoms` of the infections shows (I); the others are silent (A), with a chance of their own to infect.

    For the continuous clock each chance has a rate: `rate`, `silent_rate`, `recovery_rate`, `silent_recovery_rate`. With rates the share
    is exact. In steps the chance to be infected is exact, and of those whom several infect at the same step a few
    more than the share have symptoms.
    """
    checks.options(rates, SairRates, "sair")
    share = checks.share(symptoms, "sair: symptoms")
    rules = [
        rule
        for via, own, own_rate in (("I", chance, rates.get("rate")), ("A", silent_chance, rates.get("silent_rate")))
        for rule in (
            Contact("S", "I", via=via, **_part(own, own_rate, share, 0.0)),
            Contact("S", "A", via=via, **_part(own, own_rate, 1 - share, share)),
        )
    ]
    rules.sort(key=lambda rule: rule.target == "A")
    ends = (
        Spontaneous("I", "R", **pace(recovery, rates.get("recovery_rate"))),
        Spontaneous("A", "R", **pace(silent_recovery, rates.get("silent_recovery_rate"))),
    )
    source = "Ottaviano, Sensi, Sottile 2022, doi:10.1016/j.nonrwa.2021.103501"
    return Model(("S", "A", "I", "R"), (*rules, *ends), "sair", source)


def _part(chance: float, rate: float | None, share: float, before: float) -> dict[str, Any]:
    """A share of a chance, for a rule that is tried where that of the share `before` did not fire; or of a rate."""
    if rate is not None:
        return {"rate": share * rate}
    left = 1 - before * checks.share(chance, "sair: chance")
    return {"chance": min(1.0, share * chance / left) if left else 0.0}


def sveir(
    *,
    chance: float = 0.05,
    vaccination: float = 0.02,
    leakage: float = 0.1,
    onset: float = 0.2,
    recovery: float = 0.1,
    **rates: Unpack[SveirRates],
) -> Model:
    """As SEIR; the susceptible are vaccinated (V), which leaves the share `leakage` of the chance to be infected.

    For the continuous clock there are rates: `rate`, `vaccination_rate`, `onset_rate`, `recovery_rate`.
    """
    checks.options(rates, SveirRates, "sveir")
    rate = rates.get("rate")
    left = checks.share(leakage, "sveir: leakage")
    leaked: dict[str, Any] = {"chance": left * checks.share(chance, "sveir: chance")} if rate is None else {"rate": left * rate}
    rules = (
        Contact("S", "E", via="I", **pace(chance, rate)),
        Spontaneous("S", "V", **pace(vaccination, rates.get("vaccination_rate"))),
        Contact("V", "E", via="I", **leaked),
        Spontaneous("E", "I", **pace(onset, rates.get("onset_rate"))),
        Spontaneous("I", "R", **pace(recovery, rates.get("recovery_rate"))),
    )
    return Model(("S", "V", "E", "I", "R"), rules, "sveir", "Gumel, McCluskey, Watmough 2006, doi:10.3934/mbe.2006.3.485")
