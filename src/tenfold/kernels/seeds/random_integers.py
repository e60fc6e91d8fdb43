"""Arrays of random integers, for draws that are made before a kernel begins: roots, nominations, ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer

__all__ = ["random_integers"]


@jit
def random_integers(seed: int, stream: int, first: int, count: int, bound: int) -> NDArray[np.int64]:
    """Integers from 0 to `bound` − 1 (`bound` at most 2³²), (count): those of the draws `first`, `first + 1`, … of a stream."""
    found = np.empty(count, np.int64)
    for k in range(count):
        found[k] = uniform_integer(bound, seed, 0, stream, 0, first + k, 0)
    return found
