"""Mean-field times per degree for the rule of joining alone, and how much lapsing a united hundred bears; derived in docs/world.md."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, exp, log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import SpecError
from tenfold.world.arrays import need
from tenfold.world.world import World

__all__ = ["expected_steps", "highest_lapse", "rough_steps"]

Array = NDArray[np.float64]
NEUTRAL = {"lapse": 0.0, "mentors": 0.0, "isolated": 0.0, "crisis_opens": 0.0}
ENOUGH, LONGEST = 1e-9, 1_000_000


def expected_steps(world: World) -> pl.DataFrame:
    """How many steps each degree takes after the one below, from one person who has attained at the start.

    The first degree, and the second but for one approximation, are exact Markov chains in whole steps; the wider groups are taken by
    their mean, which is off by less than a step.

    Parameters
    ----------
    world
        With the rule of joining alone: nobody lapses, is isolated or a mentor, and no crisis opens anybody.

    Returns
    -------
    steps
        A row a degree: `degree`, `mean` and `deviation` (standard, of one run), in steps.

    Raises
    ------
    SpecError
        A world in which more than the rule of joining is on.

    Examples
    --------
    >>> expected_steps(World(1000))["mean"].round(1).to_list()
    [70.1, 19.4, 18.7]
    """
    _only(world, NEUTRAL)
    rates = [world.join * weight for weight in world.weights]
    wants = need(world.threshold)
    rows = [_first(rates[0], min(10, world.people), int(wants[min(10, world.people)]))]
    rows += [_later(world, degree, rates, wants) for degree in range(1, world.levels)]
    return pl.DataFrame(
        {"degree": np.arange(1, world.levels + 1), "mean": [row[0] for row in rows], "deviation": [row[1] for row in rows]}
    )


def rough_steps(world: World, degree: int) -> float:
    """The same of one degree by the equation of a circle that all wider groups act on alike, without chance: x′ = (1 − x)(ηx + b).

    Examples
    --------
    >>> round(rough_steps(World(1000), 1), 1), round(rough_steps(World(1000), 2), 1)
    (60.9, 24.7)
    """
    eta, share = world.join, world.threshold
    if degree == 1:
        return log(share * 0.9 / (0.1 * (1 - share))) / eta
    outside = eta * world.weights[degree - 1]
    return log((eta * share + outside) / (outside * (1 - share))) / (eta + outside)


def highest_lapse(world: World) -> float:
    """The highest rate of lapsing, per step, at which a united hundred keeps itself; above it the wave falls back.

    A circle is a Markov chain in whole steps; what the others of its hundred give it is taken by their mean, and solved for as a fixed
    point. Nothing comes from other hundreds, as at the front of the wave. `lapse` of the world is not read.

    Parameters
    ----------
    world
        With more than ten people, and no more than the rule of joining and lapsing on.

    Raises
    ------
    SpecError
        A world of one circle, or in which more is on.

    Examples
    --------
    >>> [round(highest_lapse(World(factor=factor)), 3) for factor in (10.0, 8.0)]
    [0.098, 0.081]
    """
    _only(world, {name: neutral for name, neutral in NEUTRAL.items() if name != "lapse"} | {"upkeep": 0.0, "support": 0.0})
    if world.levels < 2:
        raise SpecError(f"theory: people is {world.people}; expected more than 10, so that there is a hundred.")
    low, high = 0.0, 1.0
    while _keeps(world, high):
        low, high = high, 2 * high
    while high - low > 1e-4 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _keeps(world, middle) else (low, middle)
    return low


def _keeps(world: World, lapse: float) -> bool:
    """Whether the share of united circles in a hundred, all of them at first, comes to rest at half of the threshold or more. Where the
    factor is not small the share falls from above a half to next to none at once, and the line between does not matter."""
    rates = [world.join * weight for weight in world.weights]
    wanted = int(need(world.threshold)[10])
    share = 1.0
    for _ in range(LONGEST):
        outside = rates[1] * 10 * share
        if len(rates) > 2:
            outside += rates[2] * _tail(10, wanted, share)
        found = _united(rates[0], outside, lapse, wanted)
        if found < 0.5 * world.threshold:
            return False
        if share - found < ENOUGH:
            break
        share = found
    return True


def _united(rate: float, outside: float, lapse: float, wanted: int) -> float:
    """Chance in the long run that at least so many of a circle of ten have attained, who lapse and join in the same step."""
    moves = np.empty((11, 11))
    for here in range(11):
        stay = _binomial(here, exp(-lapse))
        moves[here] = np.convolve(stay, _binomial(10 - here, 1 - exp(-(rate * here + outside))))
    equations = np.vstack([moves.T - np.eye(11), np.ones(11)])
    chances = np.linalg.lstsq(equations, np.append(np.zeros(11), 1.0), rcond=None)[0]
    return float(chances[wanted:].sum())


def _only(world: World, neutral: dict[str, float]) -> None:
    """Refuse a world in which more is on than the theory covers."""
    for name, value in neutral.items():
        if getattr(world, name) != value:
            raise SpecError(
                f"theory: {name} is {getattr(world, name)}; expected {value:g}, as it covers the rule of joining alone."
            )


def _first(rate: float, size: int, wanted: int) -> tuple[float, float]:
    """Mean and deviation of the steps in which a circle of `size` with one who has attained comes to `wanted`: exact."""
    chances = np.zeros(size + 1)
    chances[1] = 1.0
    return _moments(lambda: float(chances[:wanted].sum()), lambda: _into(chances, _circle(chances, rate, 0.0, size)))


def _later(world: World, degree: int, rates: list[float], wants: NDArray[np.uint8]) -> tuple[float, float]:
    """The same of degree + 1, once one group of `degree` is united: nobody in the other parts of its parent has attained by then."""
    parts = min(10, -(-world.people // 10**degree))  # of the parent
    wanted = int(wants[parts])
    circles = parts if degree == 1 else 10
    hundred = np.zeros((circles + 1, int(wants[10])))  # circles united, and how many have attained in one that is not
    hundred[1 if degree == 1 else 0, 0] = 1.0
    united = [0.0] * (degree + 1)  # chance of a group of a level in the other parts to be united

    def look() -> float:
        """Chance that the parent is not united yet."""
        if degree == 1:
            return float(hundred[:wanted].sum())
        united[2] = float(hundred[int(wants[10]) :].sum())
        for level in range(3, degree + 1):
            united[level] = _tail(10, int(wants[10]), united[level - 1])
        return 1.0 - _tail(parts - 1, wanted - 1, united[degree])

    def go() -> None:
        outside = 0.0
        if degree > 1:
            outside = sum(rates[level] * 10 * united[level] for level in range(2, degree))
            outside += rates[degree] * (1 + (parts - 1) * united[degree])
        _into(hundred, _hundred(hundred, rates, outside, int(wants[10])))

    return _moments(look, go)


def _moments(waiting: Callable[[], float], go: Callable[[], None]) -> tuple[float, float]:
    """Mean and deviation of a time in whole steps, from the chance to wait still at each step: E T = Σ P(T > t)."""
    mean = square = 0.0
    for step in range(LONGEST):
        still = float(waiting())
        mean += still
        square += (2 * step + 1) * still
        if still < ENOUGH:
            break
        go()
    return mean, max(square - mean**2, 0.0) ** 0.5


def _into(old: Array, new: Array) -> None:
    old[:] = new


def _binomial(count: int, chance: float) -> Array:
    return np.array([comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)])


def _tail(count: int, least: int, chance: float) -> float:
    """Chance of at least so many of a count."""
    return float(_binomial(count, min(chance, 1.0))[max(least, 0) :].sum())


def _circle(chances: Array, rate: float, outside: float, size: int) -> Array:
    """A step of a circle: the chances of 0, 1, … people who have attained in it."""
    after = np.zeros(size + 1)
    for here in np.flatnonzero(chances).tolist():
        after[here:] += chances[here] * _binomial(size - here, 1 - exp(-(rate * here + outside)))
    return after


def _hundred(joint: Array, rates: list[float], outside: float, wanted: int) -> Array:
    """A step of a hundred: the chances of so many united circles (rows), and of so many people in one that is not (columns).

    Given the united, the others are taken as independent of each other; that is the one approximation here.
    """
    after = np.zeros_like(joint)
    circles = len(joint) - 1
    for united in range(circles + 1):
        mass = joint[united].sum()
        if mass < 1e-300 or united == circles:
            after[united] += joint[united]
            continue
        inside = np.zeros(11)
        inside[:wanted] = joint[united] / mass
        inside = _circle(inside, rates[0], rates[1] * united + outside, 10)
        come = float(inside[wanted:].sum())
        stay = inside[:wanted] / max(1 - come, 1e-300)
        for more, chance in enumerate(_binomial(circles - united, min(come, 1.0))):
            if united + more == circles:
                after[circles, 0] += mass * chance
            else:
                after[united + more] += mass * chance * stay
    return after
