"""What theory says, in closed form, about some models on some random graphs: what the engine is tested against."""

from __future__ import annotations

import math
from collections.abc import Callable

from tenfold import checks
from tenfold.errors import SpecError

__all__ = ["cascade_window", "final_size", "regular_giant"]


def final_size(reproduction: float) -> float:
    """Share reached by SIR on a large Erdős–Rényi graph with a giant outbreak: the root of S = 1 − exp(−cT·S).

    `reproduction` is cT: mean degree times the chance that an edge ever transmits. 0 where cT ≤ 1.

    Newman 2002, doi:10.1103/PhysRevE.66.016128.

    Examples
    --------
    >>> round(final_size(2.0), 5)
    0.79681
    """
    if not (math.isfinite(reproduction) and reproduction >= 0):
        raise SpecError(f"reproduction is {reproduction!r}; expected a finite number from 0 on.")
    if reproduction <= 1:
        return 0.0
    share = 1.0
    for _ in range(10_000):
        share = 1 - math.exp(-reproduction * share)
    return share


def regular_giant(degree: int, transmissibility: float) -> float:
    """Share of the giant cluster of bond percolation on a random regular graph. Newman 2002, doi:10.1103/PhysRevE.66.016128.

    Examples
    --------
    >>> round(regular_giant(3, 0.6), 4), round(regular_giant(4, 0.5), 4)
    (0.7037, 0.8541)
    """
    k, t = checks.whole(degree, "degree", low=2), checks.share(transmissibility, "transmissibility")
    if t * (k - 1) <= 1:
        return 0.0
    dead = 0.0  # chance that an edge does not lead to the giant cluster
    for _ in range(10_000):
        dead = 1 - t + t * dead ** (k - 1)
    return float(1 - dead**k)


def cascade_window(fraction: float) -> tuple[float, float]:
    """Mean degrees of Poisson graphs between which a single seed can set off a global cascade of the threshold model.

    The two roots of z·P(Poisson(z) ≤ ⌊1/φ⌋ − 2) = 1. Watts 2002, doi:10.1073/pnas.082090499.

    Examples
    --------
    >>> [round(z, 3) for z in cascade_window(0.18)]
    [1.021, 5.765]
    """
    phi = checks.share(fraction, "fraction")
    if phi <= 0:
        raise SpecError("fraction is 0; expected a share above 0.")
    most = math.floor(1 / phi + 1e-12) - 2

    def excess(z: float) -> float:
        return z * sum(math.exp(-z) * z**k / math.factorial(k) for k in range(most + 1)) - 1 if most >= 0 else -1.0

    top = max((step / 100 for step in range(1, 5000)), key=excess)
    if excess(top) <= 0:
        raise SpecError(f"fraction is {phi:g}; no mean degree lets a cascade become global.")
    return _root(excess, 1e-9, top), _root(excess, 100.0, top)


def _root(function: Callable[[float], float], outside: float, inside: float) -> float:
    """Bisect between a point where the function is negative and one where it is positive."""
    for _ in range(200):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if function(middle) > 0 else (middle, inside)
    return inside
