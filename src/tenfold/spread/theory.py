"""What theory says, in closed form, about some models on some random graphs: what the engine is tested against."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.stats import binom

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Mixing, Rule, Spontaneous

__all__ = [
    "bass_curve",
    "bass_peak",
    "cascade_window",
    "final_size",
    "mean_field",
    "pair_approximation",
    "regular_giant",
    "simplicial_critical",
]


def final_size(reproduction: float) -> float:
    """Share reached by SIR on a large Erdős–Rényi graph with a giant outbreak: the root of S = 1 − exp(−cT·S).

    `reproduction` is cT: mean degree times the chance that an edge ever transmits. 0 where cT ≤ 1.

    Newman 2002, doi:10.1103/PhysRevE.66.016128.

    Examples
    --------
    >>> round(final_size(2.0), 5)
    0.79681
    """
    if not (math.isfinite(reproduction) and reproduction >= 0):
        raise SpecError(f"reproduction is {reproduction!r}; expected a finite number from 0 on.")
    if reproduction <= 1:
        return 0.0
    share = 1.0
    for _ in range(10_000):
        share = 1 - math.exp(-reproduction * share)
    return share


def regular_giant(degree: int, transmissibility: float) -> float:
    """Share of the giant cluster of bond percolation on a random regular graph. Newman 2002, doi:10.1103/PhysRevE.66.016128.

    Examples
    --------
    >>> round(regular_giant(3, 0.6), 4), round(regular_giant(4, 0.5), 4)
    (0.7037, 0.8541)
    """
    k, t = checks.whole(degree, "degree", low=2), checks.share(transmissibility, "transmissibility")
    if t * (k - 1) <= 1:
        return 0.0
    dead = 0.0  # chance that an edge does not lead to the giant cluster
    for _ in range(10_000):
        dead = 1 - t + t * dead ** (k - 1)
    return float(1 - dead**k)


def cascade_window(fraction: float) -> tuple[float, float]:
    """Mean degrees of Poisson graphs between which a single seed can set off a global cascade of the threshold model.

    The two roots of z·P(Poisson(z) ≤ ⌊1/φ⌋ − 2) = 1. Watts 2002, doi:10.1073/pnas.082090499.

    Examples
    --------
    >>> [round(z, 3) for z in cascade_window(0.18)]
    [1.021, 5.765]
    """
    phi = checks.share(fraction, "fraction")
    if phi <= 0:
        raise SpecError("fraction is 0; expected a share above 0.")
    most = math.floor(1 / phi + 1e-12) - 2

    def excess(z: float) -> float:
        return z * sum(math.exp(-z) * z**k / math.factorial(k) for k in range(most + 1)) - 1 if most >= 0 else -1.0

    top = max((step / 100 for step in range(1, 5000)), key=excess)
    if excess(top) <= 0:
        raise SpecError(f"fraction is {phi:g}; no mean degree lets a cascade become global.")
    return _root(excess, 1e-9, top), _root(excess, 100.0, top)


def bass_peak(innovation: float, imitation: float) -> tuple[float, float]:
    """When most adopt in Bass' model, ln(q/p)/(p + q), and the share that has adopted by then, ½ − p/(2q).

    Bass 1969, doi:10.1287/mnsc.15.5.215.

    Examples
    --------
    >>> [round(one, 3) for one in bass_peak(0.03, 0.38)]
    [6.193, 0.461]
    """
    p, q = _positive(innovation, "innovation"), _positive(imitation, "imitation")
    return math.log(q / p) / (p + q), 0.5 - p / (2 * q)


def bass_curve(innovation: float, imitation: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share that has adopted by each time, (1 − e^(−(p + q)t)) / (1 + q/p · e^(−(p + q)t)). Bass 1969."""
    p, q = _positive(innovation, "innovation"), _positive(imitation, "imitation")
    fall = np.exp(-(p + q) * np.asarray(times, dtype=float))
    found: NDArray[np.float64] = (1 - fall) / (1 + q / p * fall)
    return found


def simplicial_critical(group: float) -> float:
    """The rescaled rate of pairs, λ = β·degree/μ, above which simplicial contagion can persist: 2√λΔ − λΔ for λΔ > 1, else 1.

    `group` is λΔ = βΔ · triangles of each / μ. Between it and 1 both states are stable: what becomes of it depends on the start.

    Iacopini, Petri, Barrat, Latora 2019, doi:10.1038/s41467-019-10431-6.

    Examples
    --------
    >>> round(simplicial_critical(2.0), 5), round(simplicial_critical(2.5), 5)
    (0.82843, 0.66228)
    """
    return 2 * math.sqrt(group) - group if _positive(group, "group") > 1 else 1.0


def mean_field(
    model: Model, start: Mapping[str, float], *, steps: int, degree: float = 0.0, groups: float = 0.0, group_size: int = 3
) -> NDArray[np.float64]:
    """Shares of people in each state, (steps + 1, states), where everybody's neighbours are as everybody is.

    Each has `degree` neighbours and is in `groups` groups of `group_size`. A model of rates is integrated, dx/dt = Σ hazards · x; one of
    chances is iterated, the rules in their order: what is left after one goes to the next. Takes Spontaneous, Contact, Mixing and Group.

    Pastor-Satorras, Castellano, Van Mieghem, Vespignani 2015, doi:10.1103/RevModPhys.87.925.

    Raises
    ------
    SpecError
        A rule of another kind, or a start that is no share of a state.
    """
    for number, rule in enumerate(model.rules, start=1):
        if not isinstance(rule, Spontaneous | Contact | Mixing | Group) or isinstance(_pace(rule), str):
            raise SpecError(
                f"mean_field: rule {number} is a {rule.kind}; expected spontaneous, contact, mixing or group with a number."
            )
    unknown = [name for name in start if name not in model.states]
    if unknown:
        raise SpecError(f"mean_field: '{unknown[0]}' is no state of the model; expected some of {', '.join(model.states)}.")
    index = {name: k for k, name in enumerate(model.states)}
    begin = np.array([checks.share(start.get(name, 0.0), f"start: '{name}'") for name in model.states])
    begin[0] += 1 - begin.sum()
    whole = checks.whole(steps, "steps", low=1)
    if any(getattr(rule, "rate", None) is not None for rule in model.rules):

        def slope(time: float, share: NDArray[np.float64]) -> NDArray[np.float64]:
            change = np.zeros(len(share))
            for rule in model.rules:
                if rule.since - 1 <= time <= rule.until:
                    flow = share[index[rule.source]] * _hazard(rule, share, index, degree, groups, group_size)
                    change[index[rule.source]] -= flow
                    change[index[rule.target]] += flow
            return change

        solved = solve_ivp(slope, (0, whole), begin, t_eval=np.arange(whole + 1), rtol=1e-8, atol=1e-10, max_step=1.0)
        found: NDArray[np.float64] = solved.y.T
        return found
    rows = [begin]
    for step in range(1, whole + 1):
        now, after, left = rows[-1], rows[-1].copy(), np.ones(len(begin))
        for rule in model.rules:
            if rule.since <= step <= rule.until:
                source = index[rule.source]
                part = left[source] * _chance(rule, now, index, degree, groups, group_size)
                left[source] -= part
                after[source] -= part * now[source]
                after[index[rule.target]] += part * now[source]
        rows.append(after)
    return np.array(rows)


def _pace(rule: Rule) -> float | str:
    rate: float | str | None = getattr(rule, "rate", None)
    found: float | str = getattr(rule, "chance", 1.0) if rate is None else rate
    return found


def _hazard(
    rule: Rule, share: NDArray[np.float64], index: Mapping[str, int], degree: float, groups: float, group_size: int
) -> float:
    """The rate at which somebody leaves by a rule."""
    pace, via = float(_pace(rule)), float(share[index[getattr(rule, "via", rule.source)]])
    if isinstance(rule, Contact):
        return pace * degree * via
    if isinstance(rule, Group):
        return pace * groups * float(binom.sf(rule.least - 1, group_size - 1, via))
    return pace * via if isinstance(rule, Mixing) else pace


def _chance(
    rule: Rule, share: NDArray[np.float64], index: Mapping[str, int], degree: float, groups: float, group_size: int
) -> float:
    """The chance that somebody leaves by a rule at a step."""
    pace, via = float(_pace(rule)), float(share[index[getattr(rule, "via", rule.source)]])
    if isinstance(rule, Contact):
        return float(1 - (1 - pace * via) ** degree)
    if isinstance(rule, Group):
        return float(1 - (1 - pace * float(binom.sf(rule.least - 1, group_size - 1, via))) ** groups)
    return pace * via if isinstance(rule, Mixing) else pace


def pair_approximation(
    rate: float, recovery_rate: float, *, degree: int, infectious: float, steps: int, again: bool = False
) -> NDArray[np.float64]:
    """Shares S, I, R at whole times, (steps + 1, 3), of SIR (`again`: SIS, R stays 0) where everybody has `degree` neighbours, by pairs.

    Closed by [ABC] = (k − 1)/k · [AB][BC]/[B]; for SIR on large random regular graphs it is exact.

    Keeling 1999, doi:10.1098/rspb.1999.0716.

    Examples
    --------
    >>> pair_approximation(0.0, 1.0, degree=3, infectious=1.0, steps=1).round(3).tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.368, 0.632]]
    """
    beta, gamma, k = _positive(rate, "rate", zero=True), _positive(recovery_rate, "recovery_rate", zero=True), int(degree)
    seeds, close = checks.share(infectious, "infectious"), (k - 1) / k

    def slope(_: float, now: NDArray[np.float64]) -> list[float]:
        s, i, ss, si = now
        triple = close * beta * si / s if s > 1e-12 else 0.0
        back = gamma if again else 0.0
        ii = max(k * i - si, 0.0)
        return [
            back * i - beta * si,
            beta * si - gamma * i,
            2 * back * si - 2 * triple * ss,
            triple * (ss - si) - (beta + gamma) * si + back * ii,
        ]

    begin = [1 - seeds, seeds, k * (1 - seeds) ** 2, k * seeds * (1 - seeds)]
    whole = checks.whole(steps, "steps", low=1)
    solved = solve_ivp(slope, (0, whole), begin, t_eval=np.arange(whole + 1), rtol=1e-8, atol=1e-10)
    s, i = solved.y[0], solved.y[1]
    return np.stack([s, i, 1 - s - i], axis=1)


def _positive(value: float, name: str, *, zero: bool = False) -> float:
    """A finite number above 0 (or from 0 on)."""
    if isinstance(value, bool) or not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        raise SpecError(f"{name} is {value!r}; expected a finite number {'from 0 on' if zero else 'above 0'}.")
    return float(value)


def _root(function: Callable[[float], float], outside: float, inside: float) -> float:
    """Bisect between a point where the function is negative and one where it is positive."""
    for _ in range(200):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if function(middle) > 0 else (middle, inside)
    return inside
