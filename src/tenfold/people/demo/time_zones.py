"""The time zones of the demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.names import ZONES
from tenfold.people.demo.population import DAYS_AFTER

__all__ = ["utc_offsets"]


def utc_offsets(midnight: datetime) -> NDArray[np.int64]:
    """Offset of each zone from UTC on each day, (zones, days), in hours."""
    days = [midnight + timedelta(days=day, hours=12) for day in range(DAYS_AFTER + 1)]
    shifts = [[day.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0) for day in days] for zone in ZONES]
    return np.array([[shift // timedelta(hours=1) for shift in row] for row in shifts])
