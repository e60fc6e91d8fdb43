"""The page of the claims: for each the statement, the experiment, the verdict, and what it rests on."""

from __future__ import annotations

from tenfold.report.claims.sections import answers, claim
from tenfold.report.rendering import render, stylesheet
from tenfold.version import __version__
from tenfold.world.claims.claim import Claims

__all__ = ["claims_page"]


def claims_page(found: Claims) -> str:
    """One self-contained HTML file.

    Parameters
    ----------
    found
        The claims that were tried.
    """
    cards = [claim.content(found, number) for number in range(len(found.claims))]
    provenance = {"rows": list(found.provenance.items()), "seconds": f"{sum(found.seconds.values()):.0f}"}
    return render(
        "claims/page",
        {
            "style": stylesheet("claims"),
            "about": render("claims/about", {}),
            "answers": render("claims/answers", answers.content(cards, found.provenance["mode"])),
            "claims": [render("claims/claim", card) for card in cards],
            "provenance": render("claims/provenance", provenance),
            "version": __version__,
        },
    )
