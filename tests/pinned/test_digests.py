"""Results that rest on whole numbers alone are the same on every machine and after every change.

`digests.json` holds them, as `python benchmarks/digests.py` prints them. When one is changed on purpose, CHANGELOG.md says so under
"Results".
"""

import json
from pathlib import Path

import pytest

import digests

PINNED = json.loads((Path(__file__).parent / "digests.json").read_text(encoding="utf-8"))


def test_every_exact_case_is_pinned():
    assert sorted(PINNED) == sorted(digests.EXACT)


@pytest.mark.parametrize("name", PINNED)
def test_results_are_what_they_were(name):
    assert digests.digest(digests.CASES[name]()) == PINNED[name]


def test_a_digest_tells_values_types_and_shapes_apart():
    import numpy as np
    import polars as pl

    seen = [
        digests.digest([value])
        for value in (
            np.arange(4),
            np.arange(4).reshape(2, 2),
            np.arange(4, dtype=np.int32),
            np.array([0, 1, 2, 4]),
            pl.DataFrame({"a": [0]}),
            pl.DataFrame({"a": [1]}),
            pl.DataFrame({"b": [1]}),
            1,
            "1",
        )
    ]
    assert len(set(seen)) == len(seen)
