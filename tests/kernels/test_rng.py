"""Philox against the known answers of Random123, and against a twin in whole numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from tenfold.kernels.rng import draw, philox, uniform_integer

WORD = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers_of_random123(counter, key, answer):
    assert tuple(int(word) for word in philox(*map(np.uint64, counter + key))) == answer
    assert oracle.philox(counter, key) == answer


@given(WORD, WORD, WORD, WORD, WORD, WORD)
def test_draw_equals_its_twin(seed, replicate, stream, step, who, whom):
    assert int(draw(seed, replicate, stream, step, who, whom)) == oracle.draw(seed, replicate, stream, step, who, whom)


@given(st.integers(1, 2**32), WORD, WORD)
def test_below_stays_below(bound, seed, who):
    assert 0 <= uniform_integer(bound, seed, 0, 1, 2, who, 3) < bound


def test_draws_look_uniform():
    words = np.array([int(draw(7, 0, 1, 0, who, 0)) for who in range(20_000)]) / 2**32
    counts = np.histogram(words, bins=20, range=(0, 1))[0]
    chi_square = ((counts - 1000) ** 2 / 1000).sum()
    assert chi_square < 50.8  # 19 degrees of freedom, p = .0001
    assert abs(np.corrcoef(words[:-1], words[1:])[0, 1]) < 4 / np.sqrt(len(words))
