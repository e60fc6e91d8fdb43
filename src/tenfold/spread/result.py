"""What a simulation gives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import notebook
from tenfold.errors import BackendError, SpecError

if TYPE_CHECKING:
    import xarray

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """Counts over time, and what was asked for besides.

    `counts` (replicates, steps + 1, states, int64); `states`: their names; `first_time` (replicates, states, n, int32): step of the first
    visit, −1 for none, or None; `final` (replicates, n, uint8): index of the last state, or None; `provenance`: what replays the run;
    `labels` (n): what the people are called, or None for 0..n−1.
    """

    counts: NDArray[np.int64]
    states: tuple[str, ...]
    first_time: NDArray[np.int32] | None = None
    final: NDArray[np.uint8] | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    labels: pl.Series | None = None

    def __repr__(self) -> str:
        """The result in a line: the model, how much was run, and where it ended."""
        return notebook.line("Result", self._facts())

    def _repr_html_(self) -> str:
        """The result for a notebook: what was run, and the mean number of people in each state by step."""
        means = self.counts.mean(axis=0)
        series = {state: means[:, k].tolist() for k, state in enumerate(self.states)}
        return notebook.page("Result", self._facts(), notebook.Lines(series, "People in each state, mean over the replicates"))

    def _facts(self) -> list[tuple[str, object]]:
        replicates, steps, _ = self.counts.shape
        means = self.counts[:, -1].mean(axis=0)
        kept = [name for name in ("first_time", "final") if getattr(self, name) is not None]
        return [
            ("model", self.provenance.get("model", {}).get("name", "unknown")),
            ("people", int(self.counts[0, 0].sum()) if replicates else 0),
            ("replicates", replicates),
            ("steps", steps - 1),
            ("at the end", ", ".join(f"{state} {mean:.4g}" for state, mean in zip(self.states, means, strict=True))),
            ("seed", self.provenance.get("seed", "unknown")),
            ("kept", ", ".join(kept) or "counts"),
        ]

    def final_by_person(self) -> pl.DataFrame:
        """`replicate`, `person` (label, or 0..n−1) and `state` at the end, one row a person and replicate.

        Raises
        ------
        SpecError
            The run did not keep it.
        """
        if self.final is None:
            raise SpecError("final_by_person: the run kept no last states; expected keep=('final',). Run it again with that.")
        return self._by_person({"state": self._named(self.final.ravel())})

    def first_time_by_person(self) -> pl.DataFrame:
        """`replicate`, `person` (label, or 0..n−1), `state`, and the `step` of the first visit, null for never.

        Raises
        ------
        SpecError
            The run did not keep it.
        """
        if self.first_time is None:
            words = "the run kept no first visits; expected keep=('first_time',). Run it again with that."
            raise SpecError(f"first_time_by_person: {words}")
        steps = pl.Series(self.first_time.ravel())
        states = np.tile(np.repeat(np.arange(len(self.states)), self.first_time.shape[2]), self.first_time.shape[0])
        return self._by_person({"state": self._named(states), "step": steps.set(steps < 0, None)}, each=len(self.states))

    def _by_person(self, columns: dict[str, pl.Series], each: int = 1) -> pl.DataFrame:
        """Columns of a row a person, `each` times for each replicate, with who it is."""
        replicates = self.counts.shape[0]
        n = len(next(iter(columns.values()))) // max(each * replicates, 1)
        person = pl.Series(np.tile(np.arange(n), each * replicates))
        named = person if self.labels is None else self.labels.gather(person)
        return pl.DataFrame({"replicate": np.repeat(np.arange(replicates), n * each), "person": named, **columns})

    def _named(self, numbers: NDArray[Any]) -> pl.Series:
        """Numbers of states as their names."""
        return pl.Series(self.states).gather(numbers)

    def table(self) -> pl.DataFrame:
        """`replicate`, `step`, and a column a state."""
        replicates, steps, _ = self.counts.shape
        where = {"replicate": np.repeat(np.arange(replicates), steps), "step": np.tile(np.arange(steps), replicates)}
        return pl.DataFrame(where | {state: self.counts[:, :, k].ravel() for k, state in enumerate(self.states)})

    def summary(self) -> pl.DataFrame:
        """`step`, `state`, `mean`, and the quantiles `low` (5 %), `median`, `high` (95 %) over the replicates."""
        low, median, high = np.quantile(self.counts, [0.05, 0.5, 0.95], axis=0)
        steps = np.arange(self.counts.shape[1])
        return pl.concat(
            pl.DataFrame(
                {
                    "step": steps,
                    "mean": self.counts[:, :, k].mean(axis=0),
                    "low": low[:, k],
                    "median": median[:, k],
                    "high": high[:, k],
                }
            ).select("step", pl.lit(state).alias("state"), "mean", "low", "median", "high")
            for k, state in enumerate(self.states)
        )

    def to_xarray(self) -> xarray.Dataset:
        """`counts` (replicate, step, state), and `first_time` (replicate, state, person) and `final` (replicate, person) where kept.

        The provenance is the attribute `provenance`, as JSON.

        Raises
        ------
        BackendError
            xarray is not installed.
        """
        try:
            import xarray
        except ImportError:
            raise BackendError("to_xarray: xarray is not installed; expected it. Install it with: pip install xarray") from None
        parts: dict[str, Any] = {"counts": (("replicate", "step", "state"), self.counts)}
        if self.first_time is not None:
            parts["first_time"] = (("replicate", "state", "person"), self.first_time)
        if self.final is not None:
            parts["final"] = (("replicate", "person"), self.final)
        replicates, steps, _ = self.counts.shape
        where = {"replicate": np.arange(replicates), "step": np.arange(steps), "state": list(self.states)}
        return xarray.Dataset(parts, coords=where, attrs={"provenance": json.dumps(self.provenance)})
