"""A survey of who stays after an event, as weekly hazards: for communities that exist in thought only.

A fellowship's survey: 70, 50 and 26 per cent left after 1, 3 and 12 months; −ln S = .375 t^.535 (t in months) runs through all three.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["WEEKS_A_MONTH", "weibull_hazard"]

WEEKS_A_MONTH = 365.25 / 12 / 7
SCALE, SHAPE = 0.375, 0.535


def weibull_hazard(weeks: int = 53, scale: float = SCALE, shape: float = SHAPE) -> NDArray[np.float64]:
    """Weekly hazards of the Weibull survival exp(−scale · months^shape) at ages 0..weeks − 1, in weeks."""
    cumulated = scale * (np.arange(weeks + 1) / WEEKS_A_MONTH) ** shape
    hazard: NDArray[np.float64] = np.diff(cumulated)
    return hazard
