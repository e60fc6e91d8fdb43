"""Who contacts whom in one week: a greedy b-matching, best first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["choose_contacts"]


@jit
def choose_contacts(
    order: NDArray[np.int64],
    who: NDArray[np.int32],
    whom: NDArray[np.int32],
    pair: NDArray[np.int64],
    gives: NDArray[np.int32],
    takes: NDArray[np.int32],
    n_pairs: int,
) -> NDArray[np.bool_]:
    """Candidates taken in `order`, while who can still give, whom can still take, and the pair is not in contact yet.

    At least half of what the best choice would be worth (greedy b-matching: Avis 1983, doi:10.1002/net.3230130404).
    """
    gives, takes = gives.copy(), takes.copy()
    taken = np.zeros(who.size, np.bool_)
    done = np.zeros(n_pairs, np.bool_)
    for k in order:
        if gives[who[k]] > 0 and takes[whom[k]] > 0 and not done[pair[k]]:
            taken[k] = done[pair[k]] = True
            gives[who[k]] -= 1
            takes[whom[k]] -= 1
    return taken
