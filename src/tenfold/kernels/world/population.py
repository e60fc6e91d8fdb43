"""The people of a world as bit masks, its parameters as the kernels read them, and the traits of its people.

A circle of ten people is a mask of ten bits. A hundred is ten circles, a village 100 circles.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import bernoulli_bits, uniform_integer
from tenfold.kernels.streams import APART, DEVOTED, MENTOR, RANK

__all__ = [
    "ATTAINED",
    "CIRCLES",
    "DEGREES",
    "ISOLATED",
    "ISOLATED_BIT",
    "MENTORS",
    "MENTOR_BIT",
    "POPCOUNT",
    "SERVING",
    "UNITED",
    "VILLAGE_COUNTS",
    "Parameters",
    "Population",
    "Traits",
    "assign_traits",
    "group_size",
    "is_united",
]

CIRCLES = 100  # of a village
ATTAINED, SERVING, ISOLATED, MENTORS, UNITED, DEGREES, VILLAGE_COUNTS = 0, 1, 2, 3, 4, 6, 10
"""Columns of the counts of a village: people who have attained, and those of them whose upkeep happens, who have no local group, who
are mentors; united circles, united hundreds; and how many people have the degree 0, 1, 2, or 3 and more. The last is the number of
columns."""
POPCOUNT = np.array([bin(mask).count("1") for mask in range(1024)], np.uint8)  # bits set in a mask of ten
ISOLATED_BIT, MENTOR_BIT = np.uint64(10), np.uint64(20)  # where the masks of traits begin
_MASK, _ONE = 0xFFFFFFFF, np.uint64(1)


class Parameters(NamedTuple):
    """The parameters of a world; rates are per step, and chances in 2⁻³².

    `powers_of_ten`: 1, 10, 100, …; `group_counts[l]`: the number of groups of level l; `join_rates[l]` = η · P(l) / 10^(l + 1);
    `quorum[k]`: how many united parts unite a group of k parts. `mentor_rate` = η · mentor_strength. The flags are 0 or 1.
    """

    people: int
    levels: int
    powers_of_ten: NDArray[np.int64]
    group_counts: NDArray[np.int64]
    join_rates: NDArray[np.float64]
    quorum: NDArray[np.uint8]
    lapse_rate: float
    upkeep: float
    support: float
    disturbance_chance: np.uint64
    disturbance_strength: float
    disturbance_steps: int
    mentor_rate: float
    mentor_capacity: float
    mentor_absence: float
    mentor_level: int
    crisis_disturbs: float
    crisis_opens: float
    has_isolated: int
    isolated_below: int
    virtual_circles: int
    has_demands: int  # 0: everybody's upkeep happens
    has_mentors: int
    seed: int
    replicate: int


class Population(NamedTuple):
    """The state of the people, circle by circle and village by village; C circles, V villages.

    `attained`, `attained_next` (C,): masks of who has attained, now and in the next step. `traits` (C,): masks of those whose upkeep
    happens (bits 0 to 9), who have no local group (from `ISOLATED_BIT` on) and who are mentors (from `MENTOR_BIT` on); empty where
    nobody differs. `united_parts`: the number of united parts of level l in each group of level l + 1, from `level_start[l]` on.
    `village_counts` (V, VILLAGE_COUNTS). `changed` (V,): 1 where a mask changed in this step. `disturbed_until` (V,): the last step of
    the disturbance. `village_united` (V,). `outside_hazard` (V,): the hazard of joining from the united parts of the levels from 2 on.
    `severity` (V,): the severity of the crisis, mean over the areas of life. `mentor_groups` (groups, 2): mentors, and people who have
    not attained, by group of the mentors' level, where that is 3 or more.
    """

    attained: NDArray[np.uint16]
    attained_next: NDArray[np.uint16]
    traits: NDArray[np.uint32]
    united_parts: NDArray[np.uint8]
    level_start: NDArray[np.int64]
    village_counts: NDArray[np.int32]
    changed: NDArray[np.uint8]
    disturbed_until: NDArray[np.int32]
    village_united: NDArray[np.uint8]
    outside_hazard: NDArray[np.float64]
    severity: NDArray[np.float64]
    mentor_groups: NDArray[np.int64]


class Traits(NamedTuple):
    """How traits are drawn; chances in 2⁻³².

    `demands`: other demands of each person; `attention`: how many demands a person serves; `devoted`: the chance to rank the practice
    first. `isolated`, `mentors`: chances. `even_mentors`: the share of mentors in millionths where they are spread evenly, else −1.
    """

    demands: int
    attention: int
    devoted: np.uint64
    isolated: np.uint64
    mentors: np.uint64
    even_mentors: int


@jit
def group_size(people: int, group: int, width: int) -> int:
    """People or parts in a group: `width`, or what is left for the last group."""
    return min(width, people - group * width)


@jit
def is_united(parameters: Parameters, population: Population, level: int, group: int) -> bool:
    """Whether a group of a level from 2 on is united."""
    parts = group_size(parameters.group_counts[level - 1], group, 10)
    return bool(population.united_parts[population.level_start[level - 1] + group] >= parameters.quorum[parts])


@jit
def assign_traits(parameters: Parameters, population: Population, traits: Traits, low: int, high: int) -> None:
    """Draw the traits of the people in circles low..high − 1."""
    seed, replicate = parameters.seed, parameters.replicate
    for circle in range(low, high):
        size = group_size(parameters.people, circle, 10)
        full = np.uint64((1 << size) - 1)
        who, part = circle & _MASK, circle >> 32
        mask = np.uint64(0)
        if parameters.has_demands:
            devoted = bernoulli_bits(traits.devoted, full, DEVOTED, 0, who, part, seed, replicate)
            for k in range(size):
                person = circle * 10 + k
                rank = uniform_integer(traits.demands + 1, seed, replicate, RANK, 0, person & _MASK, person >> 32)
                if (devoted >> np.uint64(k)) & _ONE:
                    rank = 0
                mask |= np.uint64(int(rank < traits.attention) << k)
        if parameters.has_isolated:
            mask |= bernoulli_bits(traits.isolated, full, APART, 0, who, part, seed, replicate) << ISOLATED_BIT
        if parameters.has_mentors and traits.even_mentors < 0:
            mask |= bernoulli_bits(traits.mentors, full, MENTOR, 0, who, part, seed, replicate) << MENTOR_BIT
        elif parameters.has_mentors:
            even = 0
            for k in range(size):
                person = circle * 10 + k
                even |= ((person + 1) * traits.even_mentors // 1_000_000 - person * traits.even_mentors // 1_000_000) << k
            mask |= np.uint64(even) << MENTOR_BIT
        population.traits[circle] = mask
