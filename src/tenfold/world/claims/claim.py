"""A claim as data: its statement, its experiment, its finding, and what that rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from numpy.typing import ArrayLike

from tenfold import notebook
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Interval, Part, Sweep, Verdict, judge, mean_interval, mean_share_interval

__all__ = ["Claim", "Claims", "Finding", "Panel", "line_rows", "sweep_panel"]


@dataclass(frozen=True)
class Panel:
    """The data of one figure.

    `kind`: ``"lines"`` (x, y, series; low and high if there is a band), ``"points"`` (series, y, low, high) or ``"map"`` (x, y, value,
    answer). `rule`: the value that the claim names, or the two values that the number has to be between.
    """

    kind: str
    title: str
    frame: pl.DataFrame
    x: str
    y: str
    value: str = ""
    rule: float | tuple[float, ...] | None = None
    log: str = ""  # the axes that are logarithmic: "", "x", "y" or "xy"
    whole: bool = False  # x counts something: no ticks between


def sweep_panel(sweep: Sweep, title: str, x: str, y: str, *, log: bool = False, whole: bool = False) -> Panel:
    """A sweep as a figure: each part's number by the value of the assumption, with the bounds of the first part."""
    rows = []
    for trial in sweep.trials:
        for part in trial.parts:
            found = part.interval
            rows.append({"x": trial.value, "series": part.words, "y": found.estimate, "low": found.low, "high": found.high})
    first = sweep.trials[0].parts[0]
    rule = tuple(edge for edge in (first.least, first.most) if math.isfinite(edge))
    return Panel("lines", title, pl.DataFrame(rows), x, y, rule=rule, log="x" if log else "", whole=whole)


def line_rows(x: float, series: str, values: ArrayLike, *, share: bool = False) -> dict[str, object]:
    """A row of a figure of lines: the mean over replicates and its interval, which is cut at 0 and 1 for a share."""
    found = mean_share_interval(values) if share else mean_interval(values)
    return {"x": x, "series": series, "y": found.estimate, "low": found.low, "high": found.high}


@dataclass(frozen=True)
class Finding:
    """The result of an experiment.

    `parts`: at the defaults; all of them have to hold. `headline`, `measure`: the main number, and what it measures. `sweeps`: over the
    decisive assumptions. `probes`: sweeps that answer another question and do not enter the verdict. `panels`: figures. `remarks`:
    sentences.
    """

    parts: tuple[Part, ...]
    headline: Interval
    measure: str
    sweeps: tuple[Sweep, ...] = ()
    probes: tuple[Sweep, ...] = ()
    panels: tuple[Panel, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict, from the parts and the sweeps."""
        return judge(self.parts, self.sweeps)

    def all_parts(self) -> list[tuple[str, float | None, tuple[Part, ...]]]:
        """All parts, with the parameter and its value; "" and None at the defaults."""
        at: list[tuple[str, float | None, tuple[Part, ...]]] = [("", None, self.parts)]
        return at + [
            (sweep.parameter, trial.value, trial.parts) for sweep in (*self.sweeps, *self.probes) for trial in sweep.trials
        ]

    @property
    def boundary(self) -> str:
        """The boundaries that the sweeps found, in words."""
        return "; ".join(edge.words() for sweep in (*self.sweeps, *self.probes) for edge in sweep.boundaries())


@dataclass(frozen=True)
class Claim:
    """One of the claims.

    `assumes`: its own parameters and their defaults. `world`: the parameters of its world that are not at the defaults of `World`; None
    if the experiment uses no world.
    """

    name: str
    title: str
    says: str
    statement: str
    hypothesis: str
    design: str
    rests_on: str
    run: Callable[[Experiment], Finding]
    assumes: Mapping[str, Any] = field(default_factory=dict)
    world: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Claims:
    """The claims that were asked for, each with what was found.

    `table`: one row a claim with `claim`, `title`, `statement`, `hypothesis`, `design`, `replicates`, `measure`, `estimate`, `low`,
    `high`, `verdict`, `by_default`, `boundary`, `rests_on`, `seconds`. `provenance`: mode, seed, assumptions that were changed,
    version.
    """

    claims: tuple[Claim, ...]
    findings: Mapping[str, Finding]
    seconds: Mapping[str, float]
    provenance: Mapping[str, object]

    def __repr__(self) -> str:
        """The claims in a line: the verdict on each."""
        return notebook.line("Claims", [(claim.name, self.findings[claim.name].verdict.words) for claim in self.claims])

    def _repr_html_(self) -> str:
        """The claims for a notebook: each with its verdict and its main number, and how long they took."""
        rows = []
        for claim in self.claims:
            found = self.findings[claim.name]
            rows.append((f"{claim.name} {claim.title}", f"{found.verdict.words}; {found.measure}: {found.headline.estimate:.3g}"))
        seconds = [self.seconds[claim.name] for claim in self.claims]
        ends = (self.claims[0].name, self.claims[-1].name) if self.claims else ("", "")
        return notebook.page("Claims", rows, notebook.Bars(seconds, "Seconds that each took", *ends))

    @property
    def table(self) -> pl.DataFrame:
        """One row a claim."""
        rows = []
        for claim in self.claims:
            found = self.findings[claim.name]
            rows.append(
                {
                    "claim": claim.name,
                    "title": claim.title,
                    "statement": claim.statement,
                    "hypothesis": claim.hypothesis,
                    "design": claim.design,
                    "replicates": found.headline.replicates,
                    "measure": found.measure,
                    "estimate": found.headline.estimate,
                    "low": found.headline.low,
                    "high": found.headline.high,
                    "verdict": found.verdict.words,
                    "by_default": found.verdict.default,
                    "boundary": found.boundary,
                    "rests_on": claim.rests_on,
                    "seconds": self.seconds[claim.name],
                }
            )
        return pl.DataFrame(rows)

    @property
    def parts(self) -> pl.DataFrame:
        """One row for each part of a claim at the defaults and at each value of a sweep: the number, where it has to be, the answer."""
        rows = [
            {
                "claim": claim.name,
                "parameter": parameter,
                "value": value,
                "part": part.words,
                "estimate": part.interval.estimate,
                "low": part.interval.low,
                "high": part.interval.high,
                "least": part.least,
                "most": part.most,
                "replicates": part.interval.replicates,
                "answer": part.answer,
            }
            for claim in self.claims
            for parameter, value, parts in self.findings[claim.name].all_parts()
            for part in parts
        ]
        return pl.DataFrame(rows, schema_overrides={"value": pl.Float64}, infer_schema_length=None)
