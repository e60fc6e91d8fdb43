"""Theory of the world: the time per degree for the rule of joining alone, and the critical rate of lapsing; derived in docs/world.md."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, exp, log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import SpecError
from tenfold.world.state import quorum
from tenfold.world.world import World

__all__ = ["approximate_steps", "critical_lapse", "expected_steps"]

Array = NDArray[np.float64]
NEUTRAL = {"lapse": 0.0, "mentors": 0.0, "isolated": 0.0, "crisis_opens": 0.0}
TOLERANCE, MAX_STEPS = 1e-9, 1_000_000


def expected_steps(world: World) -> pl.DataFrame:
    """How many steps each degree takes after the one below, from one person who has attained at the start.

    The first degree is an exact Markov chain in whole steps, and so is the second but for one approximation. The wider groups are taken
    by their mean field, which is off by less than a step.

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
    _require(world, NEUTRAL)
    rates = [world.join * weight for weight in world.weights]
    needed = quorum(world.threshold)
    rows = [_first_degree(rates[0], min(10, world.people), int(needed[min(10, world.people)]))]
    rows += [_later_degree(world, degree, rates, needed) for degree in range(1, world.levels)]
    return pl.DataFrame(
        {"degree": np.arange(1, world.levels + 1), "mean": [row[0] for row in rows], "deviation": [row[1] for row in rows]}
    )


def approximate_steps(world: World, degree: int) -> float:
    """The steps of one degree by a deterministic equation: a circle under the hazard b of the wider groups, x′ = (1 − x)(ηx + b).

    Examples
    --------
    >>> round(approximate_steps(World(1000), 1), 1), round(approximate_steps(World(1000), 2), 1)
    (60.9, 24.7)
    """
    eta, share = world.join, world.threshold
    if degree == 1:
        return log(share * 0.9 / (0.1 * (1 - share))) / eta
    outside = eta * world.weights[degree - 1]
    return log((eta * share + outside) / (outside * (1 - share))) / (eta + outside)


def critical_lapse(world: World) -> float:
    """The critical rate of lapsing, per step: the highest at which a united hundred keeps itself. Above it the wave falls back.

    A circle is a Markov chain in whole steps under the mean field of its hundred, which is solved for as a fixed point. Nothing comes
    from other hundreds, as at the front of the wave. `lapse` of the world is not read.

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
    >>> [round(critical_lapse(World(factor=factor)), 3) for factor in (10.0, 8.0)]
    [0.098, 0.081]
    """
    _require(world, {name: neutral for name, neutral in NEUTRAL.items() if name != "lapse"} | {"upkeep": 0.0, "support": 0.0})
    if world.levels < 2:
        raise SpecError(f"theory: people is {world.people}; expected more than 10, so that there is a hundred.")
    low, high = 0.0, 1.0
    while _keeps_itself(world, high):
        low, high = high, 2 * high
    while high - low > 1e-4 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _keeps_itself(world, middle) else (low, middle)
    return low


def _keeps_itself(world: World, lapse: float) -> bool:
    """Whether the share of united circles in a hundred, 1 at first, converges to half of the threshold or more.

    Where the factor is not small the fixed point jumps from above a half to next to none, so it does not matter where the line is drawn.
    """
    rates = [world.join * weight for weight in world.weights]
    wanted = int(quorum(world.threshold)[10])
    share = 1.0
    for _ in range(MAX_STEPS):
        outside = rates[1] * 10 * share
        if len(rates) > 2:
            outside += rates[2] * _binomial_tail(10, wanted, share)
        found = _stationary_united(rates[0], outside, lapse, wanted)
        if found < 0.5 * world.threshold:
            return False
        if share - found < TOLERANCE:
            break
        share = found
    return True


def _stationary_united(rate: float, outside: float, lapse: float, wanted: int) -> float:
    """The stationary chance that at least `wanted` of a circle of ten have attained, with lapsing and joining in the same step."""
    moves = np.empty((11, 11))
    for attained in range(11):
        stay = _binomial(attained, exp(-lapse))
        moves[attained] = np.convolve(stay, _binomial(10 - attained, 1 - exp(-(rate * attained + outside))))
    equations = np.vstack([moves.T - np.eye(11), np.ones(11)])
    chances = np.linalg.lstsq(equations, np.append(np.zeros(11), 1.0), rcond=None)[0]
    return float(chances[wanted:].sum())


def _require(world: World, neutral: dict[str, float]) -> None:
    """Refuse a world in which more is on than the theory covers."""
    for name, value in neutral.items():
        if getattr(world, name) != value:
            raise SpecError(
                f"theory: {name} is {getattr(world, name)}; expected {value:g}, as it covers the rule of joining alone."
            )


def _first_degree(rate: float, size: int, wanted: int) -> tuple[float, float]:
    """Mean and deviation of the first-passage time of a circle from one person who has attained to `wanted`: exact."""
    start = np.zeros(size + 1)
    start[1] = 1.0
    return _first_passage(
        start,
        lambda chances: float(chances[:wanted].sum()),
        lambda chances: _circle_step(chances, rate, 0.0, size),
    )


def _later_degree(world: World, degree: int, rates: list[float], needed: NDArray[np.uint8]) -> tuple[float, float]:
    """Mean and deviation of the time to degree + 1 once one group of `degree` is united.

    Nobody in the other parts of its parent has attained by then. The state is that of a hundred in one of these parts, as in
    `_hundred_step`; for degree 1 it is that of the parent itself.
    """
    parts = min(10, -(-world.people // 10**degree))  # of the parent
    wanted, full = int(needed[parts]), int(needed[10])
    circles = parts if degree == 1 else 10
    start = np.zeros((circles + 1, full))
    start[1 if degree == 1 else 0, 0] = 1.0

    def united_chances(hundred: Array) -> list[float]:
        """The chance that a group of each level from 2 to `degree` in the other parts is united."""
        chances = [0.0] * (degree + 1)
        chances[2] = float(hundred[full:].sum())
        for level in range(3, degree + 1):
            chances[level] = _binomial_tail(10, full, chances[level - 1])
        return chances

    def not_united(hundred: Array) -> float:
        """The chance that the parent is not united yet."""
        if degree == 1:
            return float(hundred[:wanted].sum())
        return 1.0 - _binomial_tail(parts - 1, wanted - 1, united_chances(hundred)[degree])

    def advance(hundred: Array) -> Array:
        """A step under the mean hazard of the groups of the levels from 2 on."""
        outside = 0.0
        if degree > 1:
            united = united_chances(hundred)
            outside = sum(rates[level] * 10 * united[level] for level in range(2, degree))
            outside += rates[degree] * (1 + (parts - 1) * united[degree])
        return _hundred_step(hundred, rates, outside, full)

    return _first_passage(start, not_united, advance)


def _first_passage(start: Array, survival: Callable[[Array], float], advance: Callable[[Array], Array]) -> tuple[float, float]:
    """Mean and deviation of a first-passage time T of a Markov chain in whole steps: E T = Σ P(T > t).

    `start`: the initial distribution. `survival`: P(T > t) from the distribution at t. `advance`: the distribution one step later.
    """
    mean = square = 0.0
    distribution = start
    for step in range(MAX_STEPS):
        waiting = float(survival(distribution))
        mean += waiting
        square += (2 * step + 1) * waiting
        if waiting < TOLERANCE:
            break
        distribution = advance(distribution)
    return mean, max(square - mean**2, 0.0) ** 0.5


def _binomial(count: int, chance: float) -> Array:
    """The binomial chances of 0 to `count`."""
    return np.array([comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)])


def _binomial_tail(count: int, least: int, chance: float) -> float:
    """The binomial chance of `least` or more of `count`."""
    return float(_binomial(count, min(chance, 1.0))[max(least, 0) :].sum())


def _circle_step(chances: Array, rate: float, outside: float, size: int) -> Array:
    """A step of a circle: the chances of 0, 1, … people who have attained in it, (size + 1)."""
    after = np.zeros(size + 1)
    for attained in np.flatnonzero(chances).tolist():
        after[attained:] += chances[attained] * _binomial(size - attained, 1 - exp(-(rate * attained + outside)))
    return after


def _hundred_step(joint: Array, rates: list[float], outside: float, wanted: int) -> Array:
    """A step of a hundred: the chances of the number of united circles (rows), and of people in one that is not united (columns).

    Given the united circles, the others are taken as independent of each other; that is the one approximation here.
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
        inside = _circle_step(inside, rates[0], rates[1] * united + outside, 10)
        united_now = float(inside[wanted:].sum())
        stay = inside[:wanted] / max(1 - united_now, 1e-300)
        for more, chance in enumerate(_binomial(circles - united, min(united_now, 1.0))):
            if united + more == circles:
                after[circles, 0] += mass * chance
            else:
                after[united + more] += mass * chance * stay
    return after
