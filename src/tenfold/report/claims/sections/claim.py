"""A claim: its statement, experiment, verdict, figures, and the numbers behind the verdict."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from tenfold.report.claims.figures import ANSWERS, panel_figure
from tenfold.report.claims.verdict_marks import CLASSES, MARKS
from tenfold.world.claims.claim import Claims
from tenfold.world.claims.verdict import Interval, Part, format_number

__all__ = ["content"]


def content(found: Claims, number: int) -> dict[str, Any]:
    """The data of the section of the claim with that number."""
    claim = found.claims[number]
    one = found.findings[claim.name]
    verdict = one.verdict
    return {
        "claim": claim,
        "word": verdict.word,
        "kind": CLASSES[verdict.word],
        "mark": MARKS[verdict.word],
        "condition": verdict.condition,
        "default": verdict.default,
        "default_mark": MARKS[verdict.default],
        "measure": one.measure,
        "number": _format_interval(one.headline),
        "replicates": one.headline.replicates,
        "parts": [_part_row(part) for part in one.parts],
        "sweeps": [
            {
                "parameter": (sweep.label or sweep.parameter).rstrip(","),
                "name": sweep.parameter,
                "default": _format_number(sweep.default),
                "rows": [
                    (_format_number(trial.value), [_part_row(part) for part in trial.parts], ANSWERS[trial.answer])
                    for trial in sweep.trials
                ],
            }
            for sweep in (*one.sweeps, *one.probes)
        ],
        "figures": [Markup(panel_figure(panel, f"{claim.name.lower()}-{k}")) for k, panel in enumerate(one.panels)],
        "titles": [panel.title for panel in one.panels],
        "remarks": one.remarks,
    }


def _part_row(part: Part) -> dict[str, str]:
    """A row of the table of parts: the number with its interval, its bounds, and the answer."""
    return {
        "words": part.words,
        "number": _format_interval(part.interval),
        "wanted": _format_bounds(part),
        "answer": ANSWERS[part.answer],
    }


def _format_interval(found: Interval) -> str:
    """A number and its interval, or that there is none."""
    if not math.isfinite(found.estimate):
        return "not known: too few runs came so far"
    return f"{_format_number(found.estimate)} ({_format_number(found.low)} to {_format_number(found.high)})"


def _format_bounds(part: Part) -> str:
    """The bounds that the number has to keep, in words."""
    low, high = part.least > float("-inf"), part.most < float("inf")
    if low and high:
        return f"{_format_number(part.least)} to {_format_number(part.most)}"
    if low:
        return f"more than {_format_number(part.least)}" if part.strict else f"{_format_number(part.least)} or more"
    return f"less than {_format_number(part.most)}" if part.strict else f"{_format_number(part.most)} or less"


def _format_number(value: float) -> str:
    """A number in a few digits; a dash where it is not known."""
    if not math.isfinite(value):
        return "–"
    digits = format_number(value)
    if "e" in digits:  # too small for a decimal
        number, power = digits.split("e")
        return f"{number} × 10^{int(power)}".replace("-", "−")
    return digits.replace("-", "−")
