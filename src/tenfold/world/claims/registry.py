"""All claims, and the one way to test them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.executors import run_jobs
from tenfold.version import __version__
from tenfold.world.claims.c1_c11_c13_retention import C1, C11, C13
from tenfold.world.claims.c2_c10_circles import C2, C10
from tenfold.world.claims.c3_c5_degrees import C3, C5
from tenfold.world.claims.c4_pace import C4
from tenfold.world.claims.c6_c8_crisis import C6, C8
from tenfold.world.claims.c7_c14_reach import C7, C14
from tenfold.world.claims.c9_adoption import C9
from tenfold.world.claims.c12_distance import C12
from tenfold.world.claims.claim import Claim, Claims, Finding
from tenfold.world.claims.experiment import MODES, Experiment, ExperimentSize
from tenfold.world.world import World

__all__ = ["CLAIMS", "claims"]

PARAMETERS: dict[str, Any] = {
    name: value for name, value in World(1).to_dict().items() if name != "people" and not isinstance(value, str)
}
"""The parameters of the world that can be assumed otherwise, with their defaults."""
CLAIMS: dict[str, Claim] = {claim.name: claim for claim in (C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14)}

COUNTS = ("steps", "ties", "least")  # of the claims' own parameters: whole numbers from 1 on
SHARES = ("few", "virtual", "calls", "adherence", "renew", "full", "upto", "contact", "reinforcement", "alone")
POSITIVE = ("less", "more", "half_meeting")
UNCHECKED = ("alpha",)  # the generator of ties checks it


def claims(
    names: str | Sequence[str] | None = None,
    *,
    mode: str = "quick",
    seed: int = 0,
    people: int | None = None,
    replicates: int | None = None,
    assume: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
    executor: Executor | None = None,
) -> Claims:
    """Test the claims of the source text in simulation, each as an experiment with a computed verdict.

    They are claims about a model of the text, whose ladder of powers is taken as given; the sweeps show which of them follow from
    which assumptions.

    Parameters
    ----------
    names
        Which: ``"C4"``, or several; by default all fourteen.
    mode
        ``"quick"``: small worlds and few replicates, at most two minutes for all; ``"full"``: more of both.
    seed
        0 to 2³² − 1; the same seed gives the same verdicts.
    people, replicates
        In place of the mode's; replicates are 2 or more, as there is no interval otherwise.
    assume
        Parameters to change, of the claims (``CLAIMS[name].assumes``) and of the world, by name; a verdict may change with them.
    progress
        Called with a few words at each value that is tried; with an `executor` when a claim is done.
    executor
        Tests the claims beside each other, in processes or on a cluster; by default one after the other in this process.

    Returns
    -------
    Claims
        `table` has a row a claim; `parts` every number that went into a verdict; `findings` also hold what the figures show.

    Raises
    ------
    SpecError
        A name, mode or parameter that is none, or a number out of range.

    Examples
    --------
    >>> found = claims("C12", replicates=2)
    >>> found.table["claim"].to_list(), found.table["verdict"][0][:13]
    (['C12'], 'holds only if')
    """
    chosen = _choose(names)
    if mode not in MODES:
        raise SpecError(f"mode is {mode!r}; expected {' or '.join(MODES)}.")
    size = MODES[mode]
    if people is not None:
        count = checks.whole(people, "people", low=1000, high=10**9)
        size = replace(size, people=count, deep_people=count)
    if replicates is not None:
        size = replace(size, replicates=checks.whole(replicates, "replicates", low=2, high=100_000))
    number = checks.whole(seed, "seed", low=0, high=2**32 - 1)
    given = _check_assumptions(chosen, assume or {})
    report = progress or (lambda _: None)
    findings: dict[str, Finding] = {}
    seconds: dict[str, float] = {}
    if executor is None:
        for claim in chosen:
            findings[claim.name], seconds[claim.name] = _test(claim, size, number, given, partial(_report, report, claim.name))
    else:
        setting = size, number, given
        for name, finding, took in run_jobs(executor, _test_elsewhere, setting, [claim.name for claim in chosen]):
            findings[name], seconds[name] = finding, took
            report(f"{name}: done")
    provenance = {
        "mode": mode,
        "seed": number,
        "people": size.people,
        "replicates": size.replicates,
        "assume": dict(given),
        "tenfold": __version__,
    }
    return Claims(tuple(chosen), findings, seconds, provenance)


def _test(
    claim: Claim, size: ExperimentSize, seed: int, given: Mapping[str, Any], progress: Callable[[str], None]
) -> tuple[Finding, float]:
    """The finding of one claim, and how many seconds it took."""
    began = time.perf_counter()
    own = {name: given.get(name, value) for name, value in claim.assumes.items()}
    world = {} if claim.world is None else {**claim.world, **{name: given[name] for name in given if name in PARAMETERS}}
    finding = claim.run(Experiment(size, seed, own, world, progress))
    return finding, time.perf_counter() - began


def _test_elsewhere(setting: tuple[ExperimentSize, int, Mapping[str, Any]], name: str) -> tuple[str, Finding, float]:
    """A claim by its name, as a job."""
    return name, *_test(CLAIMS[name], *setting, lambda _: None)


def _report(progress: Callable[[str], None], name: str, words: str) -> None:
    """Progress, with the name of the claim before the words."""
    progress(f"{name}: {words}")


def _choose(names: str | Sequence[str] | None) -> list[Claim]:
    """The claims by their names, in their order."""
    if names is None:
        return list(CLAIMS.values())
    wanted = [names] if isinstance(names, str) else list(names)
    if not wanted:
        raise SpecError(f"claims: none is named; expected some of {', '.join(CLAIMS)}.")
    for name in wanted:
        if not isinstance(name, str) or name.upper() not in CLAIMS:
            raise SpecError(f"claims: '{name}' is none; expected some of {', '.join(CLAIMS)}.")
    upper = {name.upper() for name in wanted}
    return [claim for name, claim in CLAIMS.items() if name in upper]


def _check_assumptions(chosen: Sequence[Claim], assume: Mapping[str, Any]) -> dict[str, Any]:
    """The assumptions, each of the type that the world or the claim wants; refused where none of the chosen claims has it."""
    known = {name for claim in chosen for name in claim.assumes}
    known |= {name for claim in chosen if claim.world is not None for name in PARAMETERS}
    found: dict[str, Any] = {}
    for name, value in assume.items():
        if name not in known:
            raise SpecError(f"assume: '{name}' is no assumption of these claims; expected some of {', '.join(sorted(known))}.")
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise SpecError(f"assume: {name} is {value!r}; expected a finite number.")
        kind = type(PARAMETERS.get(name, 0.0))
        if kind is not float and value != int(value):
            raise SpecError(f"assume: {name} is {value!r}; expected a whole number.")
        found[name] = kind(value)
        if name not in PARAMETERS:
            _check_own(name, value)
    World(1000, **{name: value for name, value in found.items() if name in PARAMETERS})
    return found


def _check_own(name: str, value: float) -> None:
    """Check one of the claims' own parameters."""
    named = f"assume: {name}"
    if name in COUNTS:
        checks.whole(int(value) if value == int(value) else value, named, low=1)
    elif name in SHARES:
        checks.share(value, named)
        if name == "upto" and value <= 0.1:
            raise SpecError(f"{named} is {value!r}; expected a share above 0.1, as it is set against the first tenth.")
    elif name in POSITIVE:
        checks.positive(value, named)
    elif name not in UNCHECKED and value < 0:
        raise SpecError(f"{named} is {value!r}; expected a number of at least 0.")
