"""What a simulation gives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import BackendError

if TYPE_CHECKING:
    import xarray

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """Counts over time, and what was asked for besides.

    `counts` (replicates, steps + 1, states, int64); `states`: their names; `first_time` (replicates, states, n, int32): step of the first
    visit, −1 for none, or None; `final` (replicates, n, uint8): index of the last state, or None; `provenance`: what replays the run.
    """

    counts: NDArray[np.int64]
    states: tuple[str, ...]
    first_time: NDArray[np.int32] | None = None
    final: NDArray[np.uint8] | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

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
