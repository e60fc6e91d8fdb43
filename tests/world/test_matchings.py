"""The matching patterns of the implicit network."""

from __future__ import annotations

import numpy as np
import pytest

from tenfold.world.matchings import round_robin


@pytest.mark.parametrize("size", [2, 10, 60])
def test_every_two_meet_once_in_a_round_robin(size):
    met = np.sort(round_robin(size), axis=2)
    assert np.unique(met.reshape(-1, 2), axis=0).tolist() == [[a, b] for a in range(size) for b in range(a + 1, size)]
    assert all(sorted(one.ravel()) == list(range(size)) for one in met)
