"""What `choose_seeds` and `estimate_reach` return: seeds, and reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import notebook
from tenfold.networks.labels import Positions

__all__ = ["Reach", "Seeds"]


def _frame() -> pl.DataFrame:
    return pl.DataFrame()


@dataclass(frozen=True)
class Seeds:
    """Who was chosen, how many people they reach, and how sure that is.

    Attributes
    ----------
    nodes
        Positions of the people chosen, 0 to n − 1, in the order of the choice, (seeds).
    reach
        Expected number of people reached, the seeds included (with lapse: who practise at the end): the mean over draws
        by which nobody was chosen.
    low, high
        With probability 1 − delta the seeds reach at least `low`, and no choice that was allowed reaches more than `high`. For
        simulated gains: a 95 % interval of the reach.
    gains
        What each adds to those before (the marginal gain), in people, (seeds); they sum to `reach`.
    labels
        What the people chosen are called, or None.
    sets
        How many reverse-reachable sets were drawn, or runs simulated.
    objective, method
        What was asked for; who proposed the choice that was best ("greedy", or a nomination).
    certified
        Whether low / high met 1 − 1/e − epsilon; for ``"everyone"`` whether each group's target is surely met. `guarantee` says in
        words what is sure.
    random_equal
        How many people drawn at random would reach as many; None where that was not asked.
    compared
        `method`, `reach`, `low`, `high`: the choice against nominations on the same draws.
    groups
        `group`, `people`, `seeds`, `share`, `low`, `high` for objectives about groups: the share of each that is reached, and bounds
        that hold together with probability 1 − delta.
    worst, worst_low, worst_high
        The smallest share of a group; it is at least `worst_low`, and no choice has more than `worst_high`. None for the objective reach.
    unreachable
        `person`, `why`: people whom nobody allowed can reach.
    backups
        For each seed who covers most of what only this seed covers, −1 for nobody, (seeds).
    notes, provenance
        What to know about the result, in sentences; what replays it.
    """

    nodes: NDArray[np.int64]
    reach: float
    low: float
    high: float
    gains: NDArray[np.float64] = field(repr=False)
    labels: pl.Series | None = field(default=None, repr=False)
    sets: int = 0
    objective: str = "reach"
    method: str = "greedy"
    certified: bool = False
    guarantee: str = ""
    random_equal: int | None = None
    compared: pl.DataFrame = field(default_factory=_frame, repr=False)
    groups: pl.DataFrame = field(default_factory=_frame, repr=False)
    worst: float | None = None
    worst_low: float | None = None
    worst_high: float | None = None
    unreachable: pl.DataFrame = field(default_factory=_frame, repr=False)
    backups: NDArray[np.int64] | None = field(default=None, repr=False)
    backup_labels: pl.Series | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """The choice in a line: how many, what they reach, and how sure that is."""
        return notebook.line("Seeds", self._facts())

    def _repr_html_(self) -> str:
        """The choice for a notebook: who, what they reach, and what each adds."""
        figure = notebook.Bars(self.gains.tolist(), "What each adds to those before, in people", "1", str(len(self.nodes)))
        return notebook.page("Seeds", [*self._facts(), ("sure", self.guarantee)], figure, self.notes)

    def _facts(self) -> list[tuple[str, object]]:
        named = pl.Series(self.nodes) if self.labels is None else self.labels
        return [
            ("objective", self.objective),
            ("seeds", f"{len(self.nodes)} ({notebook.few(named.cast(pl.String))})"),
            ("reach", f"{self.reach:.4g}"),
            ("at least", f"{self.low:.4g}"),
            ("no choice above", f"{self.high:.4g}"),
            ("by", self.method),
        ]

    @property
    def positions(self) -> Positions:
        """The seeds as `Positions`; wherever people are asked for, the `Seeds` themselves can be given."""
        return Positions(self.nodes)

    def table(self) -> pl.DataFrame:
        """`rank`, `person` (name, or number), `gain`, `together` (people reached with those before), and `backup`."""
        columns: dict[str, Any] = {
            "rank": np.arange(1, len(self.nodes) + 1),
            "person": self.nodes if self.labels is None else self.labels,
            "gain": self.gains,
            "together": np.cumsum(self.gains),
        }
        if self.backups is not None:
            named: Any = self.backups if self.backup_labels is None else self.backup_labels
            columns["backup"] = pl.Series(named).set(pl.Series(self.backups < 0), None)
        return pl.DataFrame(columns)


@dataclass(frozen=True)
class Reach:
    """How many people some seeds reach.

    `reach`: expected number of people, the seeds included; `low`, `high`: it lies between with probability `confidence`;
    `method`: "sketches" or "simulation"; `draws`: sets drawn or runs; `groups`: `group`, `people`, `share`, `low`, `high`, if
    groups were given (each interval by itself).
    """

    reach: float
    low: float
    high: float
    confidence: float
    method: str
    draws: int
    groups: pl.DataFrame = field(default_factory=_frame, repr=False)
    provenance: dict[str, Any] = field(default_factory=dict, repr=False)
