"""The verdict on a claim: intervals over replicates, parts with their answers, and the boundaries that sweeps find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta, t

from tenfold.errors import SpecError

__all__ = [
    "Boundary",
    "Interval",
    "Part",
    "Sweep",
    "Trial",
    "Verdict",
    "at_least",
    "between",
    "combined_answer",
    "format_number",
    "judge",
    "less_than",
    "mean_interval",
    "mean_share_interval",
    "more_than",
    "proportion_interval",
]

LEVEL = 0.95
YES, NO, OPEN = "yes", "no", "open"


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval of 95 %."""

    estimate: float
    low: float
    high: float
    replicates: int


def mean_interval(values: ArrayLike) -> Interval:
    """The mean over replicates with Student's interval; for a difference of two arms, pass the differences by replicate.

    Student 1908, doi:10.1093/biomet/6.1.1. Where all replicates agree the interval is that one value.

    Raises
    ------
    SpecError
        Fewer than two replicates.

    Examples
    --------
    >>> found = mean_interval([1.0, 2.0, 3.0])
    >>> found.estimate, round(found.low, 3), round(found.high, 3)
    (2.0, -0.484, 4.484)
    """
    found = np.asarray(values, dtype=float).ravel()
    if len(found) < 2 or not np.isfinite(found).all():
        raise SpecError(f"replicates: {len(found)} values; expected two or more finite ones, so that there is an interval.")
    middle = float(found.mean())
    half = float(t.ppf((1 + LEVEL) / 2, len(found) - 1) * found.std(ddof=1) / math.sqrt(len(found)))
    return Interval(middle, middle - half, middle + half, len(found))


def mean_share_interval(values: ArrayLike) -> Interval:
    """`mean_interval` of shares, cut at 0 and 1.

    Examples
    --------
    >>> mean_share_interval([0.9, 1.0, 1.0]).high
    1.0
    """
    found = mean_interval(values)
    return Interval(found.estimate, max(found.low, 0.0), min(found.high, 1.0), found.replicates)


def proportion_interval(hits: ArrayLike) -> Interval:
    """The share of replicates in which something happened, with its exact interval.

    Clopper, Pearson 1934, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> found = proportion_interval([True] * 10)
    >>> found.estimate, round(found.low, 3), found.high
    (1.0, 0.692, 1.0)
    """
    found = np.asarray(hits, dtype=bool).ravel()
    n, k = len(found), int(found.sum())
    if n < 1:
        raise SpecError("replicates: none; expected one or more.")
    tail = (1 - LEVEL) / 2
    low = float(beta.ppf(tail, k, n - k + 1)) if k else 0.0
    high = float(beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0
    return Interval(k / n, low, high, n)


@dataclass(frozen=True)
class Part:
    """A part of a claim: a number that has to be from `least` to `most`; with `strict`, not on the edge itself."""

    words: str
    interval: Interval
    least: float = -math.inf
    most: float = math.inf
    strict: bool = False

    @property
    def answer(self) -> str:
        """`yes`: the whole interval is where the claim says; `no`: none of it is; `open`: otherwise."""
        low, high = self.interval.low, self.interval.high
        if self.strict:
            inside, outside = low > self.least and high < self.most, high <= self.least or low >= self.most
        else:
            inside, outside = low >= self.least and high <= self.most, high < self.least or low > self.most
        return YES if inside else NO if outside else OPEN


def more_than(words: str, interval: Interval, bound: float) -> Part:
    """The number is above the bound."""
    return Part(words, interval, least=bound, strict=True)


def less_than(words: str, interval: Interval, bound: float) -> Part:
    """The number is below the bound."""
    return Part(words, interval, most=bound, strict=True)


def at_least(words: str, interval: Interval, bound: float) -> Part:
    """The number is the bound or above it."""
    return Part(words, interval, least=bound)


def between(words: str, interval: Interval, least: float, most: float) -> Part:
    """The number is from `least` to `most`."""
    return Part(words, interval, least=least, most=most)


def combined_answer(parts: Sequence[Part]) -> str:
    """`yes` if all parts are, `no` if one is not, else `open`."""
    answers = {part.answer for part in parts}
    return NO if NO in answers else OPEN if OPEN in answers else YES


def format_number(value: float) -> str:
    """A number in three digits, without powers of ten where possible.

    Examples
    --------
    >>> format_number(1743.7), format_number(0.0625), format_number(0.0000312)
    ('1,740', '0.0625', '0.0000312')
    """
    digits = f"{value:.3g}"
    if abs(value) >= 999.5:
        return f"{float(digits):,.0f}"
    return f"{value:.9f}".rstrip("0") if "e" in digits and abs(value) >= 1e-7 else digits


@dataclass(frozen=True)
class Trial:
    """The parts of a claim at one value of an assumption."""

    value: float
    parts: tuple[Part, ...]

    @property
    def answer(self) -> str:
        """The combined answer of all parts."""
        return combined_answer(self.parts)


@dataclass(frozen=True)
class Boundary:
    """Where a sweep changes between `yes` and `no`: the nearest values on both sides that were tried.

    `above`: the claim holds above the boundary.
    """

    label: str
    low: float
    high: float
    above: bool

    @property
    def middle(self) -> float:
        """Half-way between the two."""
        return (self.low + self.high) / 2

    def words(self) -> str:
        """The condition in words.

        Examples
        --------
        >>> Boundary("upkeep", 0.2, 0.3, True).words()
        'upkeep is above 0.25 (0.2 to 0.3)'
        """
        return f"{self.label} is {'above' if self.above else 'below'} {self.number()}"

    def number(self) -> str:
        """The middle and the gap."""
        return f"{format_number(self.middle)} ({format_number(self.low)} to {format_number(self.high)})"


@dataclass(frozen=True)
class Sweep:
    """A claim at several values of one assumption.

    `default`: the value of the assumption elsewhere. `label`: the assumption in words.
    """

    parameter: str
    default: float
    trials: tuple[Trial, ...]
    label: str = ""

    def answers(self) -> list[str]:
        """The answers, by ascending value."""
        return [trial.answer for trial in sorted(self.trials, key=lambda one: one.value)]

    def boundaries(self) -> list[Boundary]:
        """Each change from `yes` to `no` or back, by ascending value; open answers in between widen it.

        Examples
        --------
        >>> at = {0.0: 0.1, 0.1: 0.2, 0.2: 0.5, 0.3: 0.9}
        >>> trials = [Trial(x, (more_than("kept", Interval(y, y - 0.05, y + 0.05, 9), 0.5),)) for x, y in at.items()]
        >>> [(edge.low, edge.high, edge.above) for edge in Sweep("upkeep", 0.3, tuple(trials)).boundaries()]
        [(0.1, 0.3, True)]
        """
        found, last = [], None
        for trial in sorted(self.trials, key=lambda one: one.value):
            if trial.answer == OPEN:
                continue
            if last is not None and last.answer != trial.answer:
                found.append(Boundary(self.label or self.parameter, last.value, trial.value, trial.answer == YES))
            last = trial
        return found

    def condition(self) -> str:
        """Where the claim holds, in words; empty if all values that are decided have the same answer."""
        edges = self.boundaries()
        if not edges:
            return ""
        label, pieces = self.label or self.parameter, []
        if not edges[0].above:
            pieces.append(f"below {edges.pop(0).number()}")
        while len(edges) > 1:
            pieces.append(f"between {edges.pop(0).number()} and {edges.pop(0).number()}")
        pieces += [f"above {edge.number()}" for edge in edges]
        return f"{label} is {' or '.join(pieces)}{self._open()}, by default {format_number(self.default)}"

    def _open(self) -> str:
        """The undecided values below the first one that is decided, and above the last."""
        trials = sorted(self.trials, key=lambda one: one.value)
        decided = [k for k, trial in enumerate(trials) if trial.answer != OPEN]
        found = f", undecided below {format_number(trials[decided[0]].value)}" if decided[0] else ""
        return found + (f", undecided above {format_number(trials[decided[-1]].value)}" if decided[-1] < len(trials) - 1 else "")


@dataclass(frozen=True)
class Verdict:
    """`word`: holds, holds only if, does not hold or undecided. `condition`: the rest of the sentence. `default`: the word at the
    defaults."""

    word: str
    condition: str = ""
    default: str = ""

    @property
    def words(self) -> str:
        """The verdict as a sentence without its full stop."""
        if not self.condition:
            return self.word
        at = {"holds": "it holds", "does not hold": "it does not hold", "undecided": "it is undecided"}[self.default]
        return f"{self.word} {self.condition}; at the defaults {at}"


def judge(parts: Sequence[Part], sweeps: Sequence[Sweep] = ()) -> Verdict:
    """The verdict from the parts at the defaults and from sweeps over the decisive assumptions.

    *holds*: every part does at the defaults, and no value that was tried refutes it. *does not hold*: a part is refuted at the
    defaults, and no value that was tried makes the whole hold. *holds only if*: some values do and others do not; the boundary is
    named, and whether the defaults are on its good side. Sweeps change one assumption at a time: where the defaults hold, all
    conditions have to be met; where they do not, one that is met is enough. *undecided*: the intervals are too wide to say any of these.

    Examples
    --------
    >>> judge([more_than("difference", Interval(2.0, 1.0, 3.0, 20), 0.0)]).words
    'holds'
    >>> judge([more_than("difference", Interval(-2.0, -3.0, -1.0, 20), 0.0)]).words
    'does not hold'
    """
    if not parts:
        raise SpecError("judge: has no parts; expected one or more.")
    at_default = combined_answer(parts)
    by_default = {YES: "holds", NO: "does not hold", OPEN: "undecided"}[at_default]
    conditions = [words for sweep in sweeps if (words := sweep.condition())]
    tried = {answer for sweep in sweeps for answer in sweep.answers()}
    if conditions:
        joined = "; and if " if at_default == YES else "; or if "  # one assumption at a time was changed
        return Verdict("holds only if", joined.join(conditions), by_default)
    if at_default == NO and YES not in tried:
        return Verdict("does not hold", "", by_default)
    if at_default == YES and NO not in tried:
        return Verdict("holds", "", by_default)
    return Verdict("undecided", "", by_default)
