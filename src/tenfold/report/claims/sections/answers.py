"""The answers: how many claims have each verdict, and the verdict of each."""

from __future__ import annotations

from typing import Any

from tenfold.report.claims.verdict_marks import MARKS

__all__ = ["content"]


def content(cards: list[dict[str, Any]], mode: object) -> dict[str, Any]:
    """The data of the section, from that of the claims."""
    counts = [
        (where, word, MARKS[word], sum(card[key] == word for card in cards))
        for key, where in (("default", "at the defaults"), ("word", "in all that was tried"))
        for word in MARKS
    ]
    return {"counts": counts, "cards": cards, "mode": mode}
