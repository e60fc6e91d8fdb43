"""A plain-Python twin of attainment and crisis: person by person, from the equations of docs/world.md."""

from __future__ import annotations

import math
from functools import lru_cache

from oracle import draw, philox
from oracle_spread import word
from tenfold.world.world import World

JOIN, LAPSE, DISTURBANCE, RANK, DEVOTED, APART, MENTOR, HOST = range(101, 109)
OUTBREAK, AREA = 110, 111
MASK = 0xFFFFFFFF


class Twin:
    """The state at a step, and the next step. Sums are made from the top level down, so that they agree bit by bit."""

    def __init__(self, world: World, start: set[int], seed: int, replicate: int) -> None:
        self.world, self.key, self.step = world, (seed, replicate), 0
        self.people = range(world.people)
        self.attained = set(start)
        self.disturbed_until: dict[int, int] = {}
        self.severity = [[0.0] * 6 for _ in range(world.villages)]
        if world.crisis > 0:
            village, area = self.uniform_integer(world.villages, OUTBREAK, 0, 0), self.uniform_integer(6, AREA, 0, 0)
            self.severity[village][area] = world.crisis
        self.serving = {i for i in self.people if self.is_serving(i)}
        self.isolated = {i for i in self.people if self.bernoulli(APART, 0, i, world.isolated)}
        self.mentors = {i for i in self.people if self.is_mentor(i)}

    # random numbers

    def uniform_integer(self, bound: int, stream: int, who: int, whom: int) -> int:
        return draw(*self.key, stream, 0, who, whom) * bound >> 32

    def bernoulli(self, stream: int, step: int, person: int, chance: float, fixed_point: int | None = None) -> bool:
        circle, lane = divmod(person, 10)
        bound = round(chance * 2**32) if fixed_point is None else fixed_point
        return _word(*self.key, stream, step, circle & MASK, circle >> 32, lane) < bound

    def occurs(self, stream: int, person: int, hazard: float) -> bool:
        return hazard > 0 and self.bernoulli(stream, self.step, person, 0.0, int((1.0 - math.exp(-hazard)) * 2.0**32))

    # traits

    def is_serving(self, person: int) -> bool:
        world = self.world
        if not world.demands:
            return True
        rank = self.uniform_integer(world.demands + 1, RANK, person & MASK, person >> 32)
        return (0 if self.bernoulli(DEVOTED, 0, person, world.devoted) else rank) < world.attention

    def is_mentor(self, person: int) -> bool:
        if self.world.mentor_choice == "random":
            return self.bernoulli(MENTOR, 0, person, self.world.mentors)
        millionths = round(self.world.mentors * 1_000_000)
        return (person + 1) * millionths // 1_000_000 > person * millionths // 1_000_000

    def virtual_circle(self, person: int) -> int:
        seed, replicate = self.key
        one, two, _, _ = philox((HOST, 0, person & MASK, person >> 32), (seed, replicate))
        village = one * self.world.villages >> 32
        return village * 100 + (two * min(100, self.world.circles - 100 * village) >> 32)

    # groups

    def members(self, level: int, group: int) -> range:
        return range(group * 10**level, min((group + 1) * 10**level, self.world.people))

    def parts(self, level: int, group: int) -> range:
        """Parts, of the level below, of a group."""
        below = -(-self.world.people // 10 ** (level - 1))
        return range(group * 10, min(group * 10 + 10, below))

    def is_united(self, level: int, group: int) -> bool:
        if (level, group) not in self.united:
            if level == 0:
                return group in self.attained
            parts = self.parts(level, group)
            united = sum(self.is_united(level - 1, part) for part in parts)
            self.united[level, group] = united >= round(self.world.threshold * len(parts), 9)
        return self.united[level, group]

    def united_parts(self, level: int, group: int) -> int:
        return sum(self.is_united(level - 1, part) for part in self.parts(level, group))

    def groups(self, level: int) -> range:
        return range(-(-self.world.people // 10**level))

    # hazards

    def group_hazard(self, circle: int, low: int) -> float:
        """η Σ w_l P(l) / 10^(l + 1) over the levels from `low` ≥ 1 on, at a circle."""
        world, total = self.world, 0.0
        for level in reversed(range(low, world.levels)):
            total += world.join * world.weights[level] * self.united_parts(level + 1, circle // 10**level)
        return total

    def mentor_hazard(self, person: int) -> float:
        """The hazard of joining that the mentors outside the person's circle add."""
        world, level = self.world, min(self.world.mentor_level, max(self.world.levels, 2))
        if not world.mentors:
            return 0.0
        around, own = self.members(level, person // 10**level), self.members(1, person // 10)
        mentors = sum(i in self.mentors and i in self.attained and i not in own for i in around)
        unattained = sum(i not in self.attained for i in around)
        return world.join * world.mentor_strength * min(1.0, world.mentor_capacity * mentors / unattained)

    def join_hazard(self, person: int) -> float:
        world, circle = self.world, person // 10
        openness = 1.0 + world.crisis_opens * self.mean_severity(person // 1000)
        first = world.join * world.weights[0]
        if person not in self.isolated:
            own = self.members(1, circle)
            weight = sum(i in self.attained for i in own) - world.mentor_absence * sum(
                i in self.attained and i in self.mentors for i in own
            )
            return (self.group_hazard(circle, 1) + first * weight + self.mentor_hazard(person)) * openness
        if world.virtual_circles:
            host = self.virtual_circle(person)
            return (self.group_hazard(host, 1) + first * sum(i in self.attained for i in self.members(1, host))) * openness
        hazard = self.group_hazard(circle, world.isolated_below)
        if min(world.mentor_level, max(world.levels, 2)) > world.isolated_below:
            hazard += self.mentor_hazard(person)
        return hazard * openness

    def lapse_hazard(self, person: int) -> float:
        world, circle, low = self.world, person // 10, 1
        if person in self.isolated and world.virtual_circles:
            circle = self.virtual_circle(person)
        elif person in self.isolated:
            low = world.isolated_below
        around = sum(self.is_united(level, circle // 10 ** (level - 1)) for level in range(low, world.levels + 1))
        disturbed = 1.0 + (world.disturbance_strength if self.disturbed_until.get(person // 1000, -1) >= self.step else 0.0)
        if not self.is_united(1, circle):
            disturbed += world.crisis_disturbs * self.mean_severity(person // 1000)
        protection = 1.0 + world.support * around
        if person in self.serving:
            protection += world.upkeep
        return world.lapse * disturbed / protection

    def mean_severity(self, village: int) -> float:
        return sum(self.severity[village]) / 6

    # a step

    def take_step(self) -> None:
        """Everybody reads the state at t."""
        self.step += 1
        self.united: dict[tuple[int, int], bool] = {}
        for village in range(self.world.villages):
            if draw(*self.key, DISTURBANCE, self.step, village, 0) < round(self.world.disturbance * 2**32):
                self.disturbed_until[village] = self.step + self.world.disturbance_steps - 1
        joined = {i for i in self.people if i not in self.attained and self.occurs(JOIN, i, self.join_hazard(i))}
        gone = {i for i in self.attained if self.occurs(LAPSE, i, self.lapse_hazard(i))}
        if self.world.crisis_on:
            self.severity = self.next_severity()
        self.attained = (self.attained | joined) - gone
        self.united = {}

    def next_severity(self) -> list[list[float]]:
        world, villages = self.world, self.world.villages
        levels = range(3, max(world.levels, 3) + 1)
        total = sum(0.5 ** (level - 3) for level in levels)
        found = []
        for village in range(villages):
            members = self.members(3, village)
            attained = sum(i in self.attained for i in members) / len(members)
            pressure = [0.0] * 6
            for level in levels:
                width = 10 ** (level - 3)
                around = range(village // width * width, min((village // width + 1) * width, villages))
                for area in range(6):
                    mean = 0.0
                    for other in around:
                        mean += self.severity[other][area]
                    pressure[area] += 0.5 ** (level - 3) / total * (mean / len(around))
            whole = sum(pressure) / 6
            row = []
            for area in range(6):
                share = world.crisis_areas
                arising = world.crisis_source * (1.0 - attained)
                hazard = world.crisis_spread * ((1.0 - share) * pressure[area] + share * whole) + arising
                old = self.severity[village][area]
                row.append(old * math.exp(-world.crisis_ease * attained) + (1.0 - old) * (1.0 - math.exp(-hazard)))
            found.append(row)
        return found

    def degree(self, person: int) -> int:
        """Of somebody who has attained: the highest level up to which all groups around them are united."""
        found = 0
        while found < self.world.levels and self.is_united(found + 1, person // 10 ** (found + 1)):
            found += 1
        return found


@lru_cache(maxsize=200_000)
def _word(seed: int, replicate: int, stream: int, step: int, who: int, part: int, lane: int) -> int:
    return word(seed, replicate, stream, step, who, part, lane, bits=32)
