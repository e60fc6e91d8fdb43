"""Options that several commands share."""

from __future__ import annotations

import click

__all__ = ["at_option", "force_option", "half_life_option", "limit_option"]

at_option = click.option("--at", metavar="DATE", help="The moment to look from. [default: now]")
force_option = click.option("--force", is_flag=True, help="Replace files that Tenfold did not write, or that were changed since.")
half_life_option = click.option(
    "--half-life", default="30d", show_default=True, help="Time in which what a contact left halves, such as 30d or 12h."
)
limit_option = click.option(
    "--limit", type=click.IntRange(1), default=30, show_default=True, help="Rows to show; --json has all."
)
