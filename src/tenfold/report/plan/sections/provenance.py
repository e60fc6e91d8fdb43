"""How it was computed: the settings, versions and inputs of the plan."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["content"]


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    settings = [(name.replace("_", " "), value) for name, value in report.plan.settings.items() if name != "seed"]
    return {"rows": [*settings, *report.provenance.items()]}
