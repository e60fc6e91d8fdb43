"""What is known of each case at a moment, from what happened up to that moment only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.histories import DAY, Histories

__all__ = ["Cases", "Target", "measure_cases", "windows_of"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
FIXED = (30 * DAY, 90 * DAY, 365 * DAY)


@dataclass(frozen=True)
class Target:
    """Any activity in (moment + lead, moment + horizon]; seconds. `lead` is 0 for "within the horizon"."""

    horizon: int
    lead: int = 0

    def came(self, histories: Histories, moment: int, cases: Ints) -> NDArray[np.bool_]:
        """The truth of each case; shape (cases)."""
        return histories.seen_within(moment + self.lead, moment + self.horizon, cases)


@dataclass(frozen=True)
class Cases:
    """k cases at one moment (or several stacked).

    `case` (k): their number; `features` (k, f), in the order of `names`; `rising` (f): +1 where more can only raise the
    chance, −1 where it
    can only lower it, 0 where unknown. `repeats`, `between`, `observed` (k): occasions after the first, seconds from the first
    to the last
    and to the moment (what BG/NBD and Pareto/NBD need).
    """

    case: Ints
    names: tuple[str, ...]
    rising: tuple[int, ...]
    features: Matrix
    repeats: Floats
    between: Floats
    observed: Floats

    def __len__(self) -> int:
        return len(self.case)

    def column(self, name: str) -> NDArray[np.float32]:
        return self.features[:, self.names.index(name)]

    def take(self, rows: NDArray[np.bool_] | Ints) -> Cases:
        return Cases(
            self.case[rows],
            self.names,
            self.rising,
            self.features[rows],
            self.repeats[rows],
            self.between[rows],
            self.observed[rows],
        )

    def with_columns(self, names: tuple[str, ...], rising: tuple[int, ...], columns: Matrix) -> Cases:
        features = np.concatenate([self.features, columns], axis=1)
        return Cases(self.case, self.names + names, self.rising + rising, features, self.repeats, self.between, self.observed)

    @staticmethod
    def stacked(parts: list[Cases]) -> Cases:
        one = parts[0]
        return Cases(
            np.concatenate([part.case for part in parts]),
            one.names,
            one.rising,
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.repeats for part in parts]),
            np.concatenate([part.between for part in parts]),
            np.concatenate([part.observed for part in parts]),
        )


def windows_of(target: Target, record: int) -> tuple[int, ...]:
    """Windows (seconds) to count in: a quarter, one and four horizons, and 30, 90 and 365 days; none longer than the record,
    and of two
    that are within a fifth of each other only one."""
    width = target.horizon - target.lead if target.lead else target.horizon
    wished = sorted({max(width // 4, 1), width, 4 * width, *FIXED})
    kept: list[int] = []
    for window in wished:
        if (not kept or window > 1.2 * kept[-1]) and (window <= record or not kept):
            kept.append(window)
    return tuple(kept)


def measure_cases(histories: Histories, moment: int, windows: tuple[int, ...], unit: int, cases: Ints | None = None) -> Cases:
    """Features of all `cases` (by default everybody) seen up to `moment`.

    `unit`: seconds, the grain of time: silences far below it look alike.
    """
    which = np.arange(len(histories), dtype=np.int64) if cases is None else cases
    until = histories.rows_until(moment, which)
    here = until > histories.start[which]
    which, until = which[here], until[here]
    begin = histories.start[which]
    first, last = histories.time[begin], histories.time[until - 1]
    occasions = histories.occasion[until - 1].astype(float)
    silence, tenure = (moment - last) / unit, (moment - first) / unit
    between = (last - first) / unit
    gap = (between + 1.0) / np.maximum(occasions - 1, 1.0)
    names = ["silence", "silence_in_gaps", "tenure", "events", "occasions", "rate"]
    rising = [-1, -1, 0, 1, 1, 1]
    columns = [
        np.log(silence + 0.05),
        np.log((silence + 0.5) / gap),
        np.log1p(tenure),
        np.log1p(until - begin),
        np.log(occasions),
        np.log((occasions - 0.5) / (tenure + 1.0)),
    ]
    counted: list[Floats] = []
    for window in windows:
        before = histories.rows_until(moment - window, which)
        had = np.where(before > begin, histories.occasion[np.maximum(before - 1, 0)], 0)
        of_late = occasions - had
        # the occasion that was under way at the start of the window
        of_late += (until > before) & (before > begin) & (histories.occasion[np.minimum(before, until - 1)] == had)
        counted.append(of_late)
        names += [f"occasions_{window}", f"events_{window}"]
        rising += [1, 1]
        columns += [np.log1p(of_late), np.log1p(until - before)]
    if len(windows) >= 2:
        short, long = counted[-2] / windows[-2], counted[-1] / windows[-1]
        names.append("trend")
        rising.append(0)
        columns.append(np.log((short * unit + 0.05) / (long * unit + 0.05)))
    matrix = np.empty((len(which), len(columns)), np.float32)
    for index, column in enumerate(columns):
        matrix[:, index] = column
    return Cases(which, tuple(names), tuple(rising), matrix, occasions - 1, between * unit, tenure * unit)
