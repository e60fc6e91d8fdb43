"""What the person who imports says about a file, and the moment of reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

__all__ = ["ReadContext"]


@dataclass(frozen=True)
class ReadContext:
    """The options of `read_file`, checked; `statuses` has words as `fold_words` gives them, and whether they count as there."""

    now: datetime
    mapping: Mapping[str, str] = field(default_factory=dict)
    what: str | None = None
    encoding: str | None = None
    dayfirst: bool | None = None
    skip_bad: bool = False
    zone: ZoneInfo | None = None
    statuses: Mapping[str, bool] = field(default_factory=dict)
