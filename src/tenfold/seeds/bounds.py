"""How far the share of sets that are covered may be from the truth."""

from __future__ import annotations

import math

__all__ = ["at_least", "at_most"]

STEPS = 32  # halvings; what is returned lies on the safe side of each


def at_least(hits: float, sets: float, chance: float) -> float:
    """What the true share is not below, but for this chance: Chernoff's bound by relative entropy (Hoeffding 1963,
    doi:10.2307/2282952, eq. 2.1).

    Examples
    --------
    >>> round(at_least(500, 1000, 0.01), 3), at_least(0, 1000, 0.01)
    (0.452, 0.0)
    """
    return _edge(hits / sets, 0.0, math.log(1 / chance) / sets)


def at_most(hits: float, sets: float, chance: float) -> float:
    """What the true share is not above, but for this chance.

    Examples
    --------
    >>> round(at_most(500, 1000, 0.01), 3), at_most(1000, 1000, 0.01)
    (0.548, 1.0)
    """
    return _edge(hits / sets, 1.0, math.log(1 / chance) / sets)


def _edge(share: float, far: float, allowed: float) -> float:
    """The share between `share` and `far` whose relative entropy is what is allowed."""
    near = min(max(share, 0.0), 1.0)
    if _entropy(near, far) <= allowed:
        return far
    inside = near
    for _ in range(STEPS):
        middle = (inside + far) / 2
        if _entropy(near, middle) <= allowed:
            inside = middle
        else:
            far = middle
    return far


def _entropy(found: float, true: float) -> float:
    """Relative entropy of a coin that shows `found` to one of `true`."""
    total = 0.0
    for one, other in ((found, true), (1 - found, 1 - true)):
        if one > 0:
            total += math.inf if other <= 0 else one * math.log(one / other)
    return total
