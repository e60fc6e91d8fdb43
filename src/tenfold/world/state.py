"""The arrays of a world that the kernels work on, how they begin, and how much memory they take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.kernels.streams import AREA, OUTBREAK
from tenfold.world.world import AREAS, World

if TYPE_CHECKING:
    from tenfold.kernels.world.crisis import Crisis
    from tenfold.kernels.world.population import Parameters, Population
    from tenfold.kernels.world.steps import Record

__all__ = ["CRISIS_OVER", "WorldState", "fixed_point", "initial_state", "initially_attained", "memory_needed", "quorum"]

CRISIS_OVER = 0.001
"""Severity below which a crisis has ended, in the worst place and area."""
WHOLE = 2**32


class WorldState(NamedTuple):
    """One replicate of a world: its parameters and its state, as the kernels read and write them."""

    parameters: Parameters
    population: Population
    crisis: Crisis
    record: Record


def quorum(threshold: float) -> NDArray[np.uint8]:
    """How many united parts unite a group of 0 to 10 parts, (11,): the least whole number that is a share of `threshold` or more.

    Examples
    --------
    >>> quorum(0.7).tolist()
    [0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7]
    """
    return np.array([math.ceil(round(threshold * parts, 9)) for parts in range(11)], np.uint8)


def fixed_point(chance: float) -> Any:
    """A chance in 2⁻³²."""
    return np.uint64(round(chance * WHOLE))


def count_columns(world: World) -> int:
    """Columns of the counts of a step: see `tenfold.kernels.world.steps.Record`."""
    return 4 + 2 * world.levels + 1 + 10


def memory_needed(world: World, *, replicates: int, at_once: int, rows: int, keep: bool) -> int:
    """Memory of a run in bytes: `at_once` replicates in progress, and `rows` of counts of each replicate."""
    masks = 4 if world.demands > 0 or world.isolated > 0 or world.mentors > 0 else 2
    village = 4 * 10 + 1 + 4 + 1 + 8 + 8 + 1 + 8 + 2 * 8 + (2 * 8 * len(AREAS) if world.crisis_on else 0)
    state = world.circles * 2 * masks + world.people // 90 + world.villages * village
    kept = replicates * (rows * 8 * (count_columns(world) + len(AREAS) + 1) + 8 * world.villages + world.people * keep)
    return at_once * state + 2 * kept


def initially_attained(world: World, start: int | str | ArrayLike) -> NDArray[np.int64] | int:
    """Who has attained at the start: a number of people, from number 0 on, or the people by number."""
    if isinstance(start, str):
        if start not in ("circle", "everyone"):
            raise SpecError(f"start is {start!r}; expected a number of people, circle, everyone, or the people by number.")
        return min(10, world.people) if start == "circle" else world.people
    if np.ndim(start) == 0:
        number = start.item() if isinstance(start, np.generic) else start
        return checks.whole(number, "start", low=0, high=world.people)
    who = np.asarray(start)
    if who.ndim != 1 or (len(who) and who.dtype.kind not in "iu"):
        raise SpecError("start: expected whole numbers of people, in one row.")
    if len(who) and (who.min() < 0 or who.max() >= world.people):
        wrong = who.min() if who.min() < 0 else who.max()
        raise SpecError(f"start: names person {wrong}; expected numbers from 0 to {world.people - 1}.")
    return np.unique(who).astype(np.int64)


def initial_state(world: World, start: NDArray[np.int64] | int, seed: int, replicate: int) -> WorldState:
    """A replicate before its first step: the start is in the next masks, and no traits are assigned yet."""
    from tenfold.kernels.world.steps import Record

    parameters = _parameters(world, seed, replicate)
    population = _population(world, parameters)
    _set_attained(population.attained_next, start)
    crisis = _crisis(world, population, seed, replicate)
    never = np.full(world.villages, -1, np.int32)
    record = Record(
        counts=np.zeros((0, count_columns(world)), np.int64),
        crisis=np.zeros((0, len(AREAS) + 1)),
        village_times=never,
        crisis_times=never.copy(),
    )
    return WorldState(parameters, population, crisis, record)


def _parameters(world: World, seed: int, replicate: int) -> Parameters:
    """The parameters of a world as the kernels read them."""
    from tenfold.kernels.world.population import Parameters

    powers_of_ten = 10 ** np.arange(12, dtype=np.int64)
    return Parameters(
        people=world.people,
        levels=world.levels,
        powers_of_ten=powers_of_ten,
        group_counts=-(-world.people // powers_of_ten),
        join_rates=world.join * np.array(world.weights),
        quorum=quorum(world.threshold),
        lapse_rate=float(world.lapse),
        upkeep=float(world.upkeep),
        support=float(world.support),
        disturbance_chance=fixed_point(world.disturbance),
        disturbance_strength=float(world.disturbance_strength),
        disturbance_steps=world.disturbance_steps,
        mentor_rate=float(world.join * world.mentor_strength),
        mentor_capacity=float(world.mentor_capacity),
        mentor_absence=float(world.mentor_absence),
        mentor_level=min(world.mentor_level, max(world.levels, 2)),
        crisis_disturbs=float(world.crisis_disturbs),
        crisis_opens=float(world.crisis_opens),
        has_isolated=int(world.isolated > 0),
        isolated_below=world.isolated_below,
        virtual_circles=int(world.virtual_circles),
        has_demands=int(world.demands > 0),
        has_mentors=int(world.mentors > 0),
        seed=seed,
        replicate=replicate,
    )


def _population(world: World, parameters: Parameters) -> Population:
    """A population in which nobody has attained."""
    from tenfold.kernels.world.population import VILLAGE_COUNTS, Population

    circles, villages = world.circles, world.villages
    sizes = [0, *(-(-world.people // 10 ** (level + 1)) for level in range(1, max(world.levels, 3)))]
    level_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    level = parameters.mentor_level
    mentor_groups = -(-world.people // 10**level) if world.mentors > 0 and level > 2 else 1
    differ = parameters.has_demands or parameters.has_isolated or parameters.has_mentors
    return Population(
        attained=np.zeros(circles, np.uint16),
        attained_next=np.zeros(circles, np.uint16),
        traits=np.zeros(circles if differ else 0, np.uint32),
        united_parts=np.zeros(int(level_start[-1]) + 1, np.uint8),
        level_start=level_start,
        village_counts=np.zeros((villages, VILLAGE_COUNTS), np.int32),
        changed=np.zeros(villages, np.uint8),
        disturbed_until=np.full(villages, -1, np.int32),
        village_united=np.zeros(villages, np.uint8),
        outside_hazard=np.zeros(villages),
        severity=np.zeros(villages),
        mentor_groups=np.zeros((mentor_groups, 2), np.int64),
    )


def _crisis(world: World, population: Population, seed: int, replicate: int) -> Crisis:
    """The crisis at its outbreak, in a village and an area that the seed draws."""
    from tenfold.kernels.rng import uniform_integer
    from tenfold.kernels.world.crisis import Crisis

    villages, top, on = world.villages, max(world.levels, 3), int(world.crisis_on)
    weights = 0.5 ** np.arange(top - 2)
    groups = sum(-(-villages // 10**level) for level in range(1, top - 2))
    severity = np.zeros((villages if on else 1, len(AREAS)))
    if world.crisis > 0:
        village = uniform_integer(villages, seed, replicate, OUTBREAK, 0, 0, 0)
        severity[village, uniform_integer(len(AREAS), seed, replicate, AREA, 0, 0, 0)] = world.crisis
        population.severity[village] = severity[village].sum() / len(AREAS)
    return Crisis(
        on=on,
        spread=float(world.crisis_spread),
        ease=float(world.crisis_ease),
        areas=float(world.crisis_areas),
        source=float(world.crisis_source),
        over=CRISIS_OVER,
        severity=severity,
        means=np.zeros((max(groups, 1) if on else 1, len(AREAS))),
        weights=weights / weights.sum(),
    )


def _set_attained(masks: NDArray[np.uint16], start: NDArray[np.int64] | int) -> None:
    """The masks of the circles, with those who have attained."""
    if isinstance(start, int):
        whole, rest = divmod(start, 10)
        masks[:whole] = 1023
        if rest:
            masks[whole] = (1 << rest) - 1
        return
    np.bitwise_or.at(masks, start // 10, (1 << (start % 10)).astype(np.uint16))
