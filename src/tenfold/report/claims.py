"""The page of the claims: what the text says, what was tried, the verdict, and what it rests on."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.report.claims_figures import ANSWERS, panel_figure
from tenfold.world.claims.claim import Claims
from tenfold.world.claims.verdict import Interval, Part, format_number

__all__ = ["claims_page"]

KINDS = {"holds": "holds", "holds only if": "only-if", "does not hold": "not", "undecided": "open"}
MARKS = {"holds": "●", "holds only if": "◐", "does not hold": "✕", "undecided": "?"}


def claims_page(found: Claims) -> str:
    """One self-contained HTML file.

    Parameters
    ----------
    found
        The claims that were tried.
    """
    environment = Environment(
        loader=PackageLoader("tenfold.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    style = Markup((environment.loader or PackageLoader("tenfold.report")).get_source(environment, "style.css")[0])
    cards = [_card(found, k) for k in range(len(found.claims))]
    tally = [
        (where, word, MARKS[word], sum(card[key] == word for card in cards))
        for key, where in (("default", "at the defaults"), ("word", "in all that was tried"))
        for word in KINDS
    ]
    return environment.get_template("claims.html.j2").render(
        style=style, cards=cards, tally=tally, provenance=list(found.provenance.items()), version=version("tenfold"),
        seconds=f"{sum(found.seconds.values()):.0f}", mode=found.provenance["mode"],
    )  # fmt: skip


def _card(found: Claims, number: int) -> dict[str, Any]:
    """What the page shows of one claim."""
    claim = found.claims[number]
    one = found.findings[claim.name]
    verdict = one.verdict
    return {
        "claim": claim,
        "word": verdict.word,
        "kind": KINDS[verdict.word],
        "mark": MARKS[verdict.word],
        "condition": verdict.condition,
        "default": verdict.default,
        "default_mark": MARKS[verdict.default],
        "measure": one.measure,
        "number": _with_interval(one.headline),
        "replicates": one.headline.replicates,
        "parts": [_part(part) for part in one.parts],
        "sweeps": [
            {
                "parameter": (sweep.label or sweep.parameter).rstrip(","),
                "name": sweep.parameter,
                "default": _number(sweep.default),
                "rows": [
                    (_number(trial.value), [_part(part) for part in trial.parts], ANSWERS[trial.answer]) for trial in sweep.trials
                ],
            }
            for sweep in (*one.sweeps, *one.probes)
        ],
        "figures": [Markup(panel_figure(panel, f"{claim.name.lower()}-{k}")) for k, panel in enumerate(one.panels)],
        "titles": [panel.title for panel in one.panels],
        "remarks": one.remarks,
    }


def _part(part: Part) -> dict[str, str]:
    """A part in words: the number, where it has to be, and the answer."""
    return {
        "words": part.words,
        "number": _with_interval(part.interval),
        "wanted": _wanted(part),
        "answer": ANSWERS[part.answer],
    }


def _with_interval(found: Interval) -> str:
    """A number and its interval, or that there is none."""
    if not math.isfinite(found.estimate):
        return "not known: too few runs came so far"
    return f"{_number(found.estimate)} ({_number(found.low)} to {_number(found.high)})"


def _wanted(part: Part) -> str:
    """Where the number has to be."""
    low, high = part.least > float("-inf"), part.most < float("inf")
    if low and high:
        return f"{_number(part.least)} to {_number(part.most)}"
    if low:
        return f"more than {_number(part.least)}" if part.strict else f"{_number(part.least)} or more"
    return f"less than {_number(part.most)}" if part.strict else f"{_number(part.most)} or less"


def _number(value: float) -> str:
    """A number as people read it; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    digits = format_number(value)
    if "e" in digits:  # smaller than anybody reads as a decimal
        number, power = digits.split("e")
        return f"{number} × 10^{int(power)}".replace("-", "−")
    return digits.replace("-", "−")
