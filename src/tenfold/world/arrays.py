"""A world as the arrays that the kernels work on, and how much memory they take."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS, World

if TYPE_CHECKING:
    from tenfold.kernels.world.attainment import Law, Lives
    from tenfold.kernels.world.crisis import Crisis, Record

__all__ = ["OVER", "Part", "Run", "Scene", "bytes_of", "chance", "columns", "gather", "need", "scene", "starters"]

OVER = 0.001
"""Severity below which a crisis has ended, in the worst place and area."""
WHOLE = 2**32
OUTBREAK, AREA = 110, 111  # streams


class Scene(NamedTuple):
    """One replicate: the parameters as kernels want them, its people, its crisis, and first times in `record`."""

    law: Law
    lives: Lives
    crisis: Crisis
    record: Record


@dataclass(frozen=True)
class Part:
    """A replicate that has ended: counts and crisis by step, first times, whether all was reached, and the last masks if wanted."""

    counts: NDArray[np.int64]
    crisis: NDArray[np.float64]
    village_times: NDArray[np.int32]
    crisis_times: NDArray[np.int32]
    final: NDArray[np.uint16]


@dataclass
class Run:
    """How far a replicate is."""

    scene: Scene
    counts: list[NDArray[np.int64]] = field(default_factory=list)
    crisis: list[NDArray[np.float64]] = field(default_factory=list)
    step: int = -1  # the last one that was taken; 0: the start was counted
    done: bool = False

    def add(self, counts: NDArray[np.int64], crisis: NDArray[np.float64]) -> None:
        """Keep the rows of some steps."""
        self.counts.append(counts)
        self.crisis.append(crisis)

    @property
    def reach(self) -> int:
        """How many have attained."""
        return int(self.counts[-1][-1, 0])

    def part(self, final: bool) -> Part:
        """What is kept of it."""
        record, lives = self.scene.record, self.scene.lives
        last = lives.now if final else lives.now[:0]
        return Part(np.concatenate(self.counts), np.concatenate(self.crisis), record.village_times, record.crisis_times, last)


def need(threshold: float) -> NDArray[np.uint8]:
    """How many united parts unite a group of 0 to 10 parts, (11): the least number that is a share of `threshold` of them.

    Examples
    --------
    >>> need(0.7).tolist()
    [0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7]
    """
    return np.array([math.ceil(round(threshold * parts, 9)) for parts in range(11)], np.uint8)


def columns(world: World) -> int:
    """Columns of the counts of a step."""
    return 4 + 2 * world.levels + 1 + 10


def bytes_of(world: World, *, replicates: int, at_once: int, rows: int, keep: bool) -> int:
    """Memory for a run, in bytes: `at_once` replicates of people, and `rows` of counts for each replicate."""
    masks = 4 if world.demands > 0 or world.isolated > 0 or world.mentors > 0 else 2
    village = 4 * 10 + 1 + 4 + 1 + 8 + 8 + 1 + 8 + 2 * 8 + (2 * 8 * len(AREAS) if world.crisis_on else 0)
    lives = world.circles * 2 * masks + world.people // 90 + world.villages * village
    kept = replicates * (rows * 8 * (columns(world) + len(AREAS) + 1) + 8 * world.villages + world.people * keep)
    return at_once * lives + 2 * kept


def starters(world: World, start: int | str | ArrayLike) -> NDArray[np.int64] | int:
    """Who has attained at the start: so many from number 0 on, or these."""
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


def scene(world: World, start: NDArray[np.int64] | int, seed: int, replicate: int) -> Scene:
    """A replicate before its first step; its lives are not marked yet."""
    from tenfold.kernels.rng import uniform_integer
    from tenfold.kernels.world.attainment import TALLIES, Law, Lives
    from tenfold.kernels.world.crisis import Crisis, Record

    levels, circles, villages = world.levels, world.circles, world.villages
    sizes = [0, *(-(-world.people // 10 ** (level + 1)) for level in range(1, max(levels, 3)))]
    place = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    mentor_level = min(world.mentor_level, max(levels, 2))
    helpers = -(-world.people // 10**mentor_level) if world.mentors > 0 and mentor_level > 2 else 1
    tens = 10 ** np.arange(12, dtype=np.int64)
    law = Law(
        world.people, levels, tens, -(-world.people // tens), world.join * np.array(world.weights), need(world.threshold),
        float(world.lapse), float(world.upkeep), float(world.support),
        chance(world.disturbance), float(world.disturbance_strength), world.disturbance_steps,
        float(world.join * world.mentor_strength),
        float(world.mentor_capacity), float(world.mentor_absence), mentor_level,
        float(world.crisis_disturbs), float(world.crisis_opens),
        int(world.isolated > 0), world.isolated_below, int(world.virtual_circles),
        int(world.demands > 0), int(world.mentors > 0), seed, replicate,
    )  # fmt: skip

    differ = law.attends or law.isolated or law.mentored
    lives = Lives(
        now=np.zeros(circles, np.uint16), fresh=np.zeros(circles, np.uint16),
        traits=np.zeros(circles if differ else 0, np.uint32), parts=np.zeros(int(place[-1]) + 1, np.uint8),
        place=place, tally=np.zeros((villages, TALLIES), np.int32), changed=np.zeros(villages, np.uint8),
        until=np.full(villages, -1, np.int32), united=np.zeros(villages, np.uint8),near=np.zeros(villages), severity=np.zeros(villages),
        helpers=np.zeros((helpers, 2), np.int64),
    )  # fmt: skip
    _place_start(lives.fresh, start)
    top = max(levels, 3)
    shares = 0.5 ** np.arange(top - 2)
    groups = sum(-(-villages // 10**level) for level in range(1, top - 2))
    on = int(world.crisis_on)
    severity = np.zeros((villages if on else 1, len(AREAS)))
    if world.crisis > 0:
        where = uniform_integer(villages, seed, replicate, OUTBREAK, 0, 0, 0)
        severity[where, uniform_integer(len(AREAS), seed, replicate, AREA, 0, 0, 0)] = world.crisis
        lives.severity[where] = severity[where].sum() / len(AREAS)
    crisis = Crisis(
        on, float(world.crisis_spread), float(world.crisis_ease), float(world.crisis_areas), float(world.crisis_source), OVER,
        severity, np.zeros((max(groups, 1) if on else 1, len(AREAS))), shares / shares.sum(),
    )  # fmt: skip
    never = np.full(villages, -1, np.int32)
    record = Record(np.zeros((0, columns(world)), np.int64), np.zeros((0, len(AREAS) + 1)), never, never.copy())
    return Scene(law, lives, crisis, record)


def chance(share: float) -> Any:
    """A chance in 2⁻³²."""
    return np.uint64(round(share * WHOLE))


def _place_start(fresh: NDArray[np.uint16], start: NDArray[np.int64] | int) -> None:
    """The masks of the circles, with those who have attained."""
    if isinstance(start, int):
        whole, rest = divmod(start, 10)
        fresh[:whole] = 1023
        if rest:
            fresh[whole] = (1 << rest) - 1
        return
    np.bitwise_or.at(fresh, start // 10, (1 << (start % 10)).astype(np.uint16))


def gather(world: World, parts: list[Part], about: dict[str, Any]) -> WorldResult:
    """The replicates as one result; one that ended before the others repeats its last row."""
    rows, levels = max(len(part.counts) for part in parts), world.levels
    pad = [np.minimum(np.arange(rows), len(part.counts) - 1) for part in parts]
    counts = np.stack([part.counts[which] for part, which in zip(parts, pad, strict=True)])
    crisis = np.stack([part.crisis[which] for part, which in zip(parts, pad, strict=True)])
    united = counts[:, :, 4 : 4 + levels]
    came = united > 0
    times = np.where(came.any(axis=1), came.argmax(axis=1), -1)
    final = None
    if len(parts[0].final):
        bits = [np.unpackbits(part.final.astype("<u2").view(np.uint8), bitorder="little").reshape(-1, 16) for part in parts]
        final = np.stack([one[:, :10].reshape(-1)[: world.people] for one in bits])
    tops = -(-world.people // 10 ** (levels - 1))
    ends = np.array([len(part.counts) - 1 for part in parts], np.int64)
    return WorldResult(
        world=world, degree_times=times.astype(np.int64), reach=counts[:, :, 0], united=united,
        degrees=counts[:, :, 4 + levels : 5 + 2 * levels], serving=counts[:, :, 1], isolated=counts[:, :, 2],
        places=counts[:, :, 5 + 2 * levels : 5 + 2 * levels + tops], crisis=crisis[:, :, : len(AREAS)], worst=crisis[:, :, len(AREAS)],
        disturbed=counts[:, :, 3], village_times=np.stack([part.village_times for part in parts]),
        crisis_times=np.stack([part.crisis_times for part in parts]), ends=ends, complete=counts[:, -1, 0] == world.people,
        final=final, provenance=about,
    )  # fmt: skip
