"""Times as the community file keeps them."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["epoch_microseconds"]


def epoch_microseconds(time: datetime) -> int:
    """A moment as the file keeps it: whole microseconds since 1970 UTC."""
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
