"""Chances as draws are compared with them: exact to a relative 10⁻⁶ down to 10⁻¹⁸, and decided as their digits say."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_spread import BITS, limit, word
from tenfold.kernels.chances import CERTAIN, ONE, ZEROS, chance_codes, decoded_chance, digits_of, mean_chance
from tenfold.kernels.rng import FIRED, PART, WANTED, WHO, bernoulli_bits, bernoulli_bits_batch, draw_buffer
from tenfold.kernels.streams import RULES

CHANCES = st.floats(1e-18, 1.0) | st.floats(-18, 0).map(lambda power: 10.0**power)


def value(packed) -> Fraction:
    """The chance that a packed one stands for."""
    packed = int(packed)
    if packed == int(ONE):
        return Fraction(1)
    return Fraction(packed & 0xFFFFFFFF, 2**32 * 16 ** (packed >> int(ZEROS)))


@given(CHANCES)
@settings(max_examples=300)
def test_a_chance_is_exact_to_a_millionth(chance):
    kept = value(decoded_chance(chance_codes(np.array([chance]))[0]))
    assert abs(kept / Fraction(chance) - 1) < Fraction(1, 10**7)


@pytest.mark.parametrize(
    ("chance", "kept"), [(0.0, 0), (1.0, 1), (2.0, 1), (1 - 1e-12, 1), (0.5, Fraction(1, 2)), (2**-60, Fraction(1, 2**60))]
)
def test_whole_and_certain_chances(chance, kept):
    assert value(decoded_chance(chance_codes(np.array([chance]))[0])) == kept


def test_nothing_but_one_is_certain():
    codes = chance_codes(np.array([1 / 16 * (1 - 1e-12), (2**28 - 1) / 2**28 / 16**15]))
    assert CERTAIN not in codes
    assert chance_codes(np.array([1.0]))[0] == CERTAIN


@given(CHANCES)
@settings(max_examples=100)
def test_digits_are_those_of_the_chance(chance):
    code = chance_codes(np.array([min(chance, 0.999)]))[0]
    kept = value(decoded_chance(code))
    assert [int(digits_of(code, place)) for place in (0, 1)] == [int(kept * 16) % 16, int(kept * 256) % 16]


@given(CHANCES, st.floats(0, 1))
@settings(max_examples=200)
def test_a_share_of_a_chance(chance, share):
    packed = decoded_chance(chance_codes(np.array([chance]))[0])
    exact = value(packed) * Fraction(share)
    found = value(mean_chance(packed, share))
    assert abs(found - exact) <= max(exact * Fraction(1, 10**7), Fraction(1, 16**22))


@pytest.mark.parametrize("chance", [0.3, 0.0625, 0.06, 0.003, 1.9e-4, 0.0])
def test_draws_equal_their_twin(chance):
    """Of 32 trials those succeed whose long draw is below the chance, one block at a time and in a batch alike."""
    packed, buffer, who = np.uint64(decoded_chance(chance_codes(np.array([chance]))[0])), draw_buffer(), np.arange(40)
    buffer[WHO, :40], buffer[PART, :40], buffer[WANTED, :40] = who, 2, 0xFFFFFFFF
    bernoulli_bits_batch(packed, buffer, 40, RULES | 3, 5, 11, 1)
    every = np.uint64(0xFFFFFFFF)
    for one in who:
        twin = sum((word(11, 1, RULES | 3, 5, int(one), 2, lane) < limit(chance)) << lane for lane in range(32))
        assert int(bernoulli_bits(packed, every, RULES | 3, 5, int(one), 2, 11, 1)) == twin == int(buffer[FIRED, one])


def test_the_twin_has_digits_for_the_smallest():
    assert limit(1.0) == 2**BITS
    assert limit(16.0**-15) == 2 ** (BITS - 60)


@pytest.mark.parametrize("kind", ["rule", "weight", "trait"])
def test_small_chances_are_met(kind):
    """A chance of .00218 has two zeros, and is met as often as it says, whoever has it."""
    chance, n = 0.00218, 50_000
    model, network, options, start = tf.Model(("a", "b"), [tf.Spontaneous("a", "b", chance=chance)]), n, {}, {"b": 0}
    if kind == "trait":
        model = tf.Model(("a", "b"), [tf.Spontaneous("a", "b", chance="own")])
        options = {"traits": {"own": np.full(n, chance)}}
    if kind == "weight":
        one = np.arange(0, n, 2)
        model, network = tf.models.si(chance="weight"), tf.Graph.from_edges(one, one + 1, n, weight=np.full(len(one), chance))
        start = {"I": one}
    result = tf.simulate(model, network, steps=1, start=start, replicates=20, seed=3, **options)
    changed = int((result.counts[:, 1, 1] - result.counts[:, 0, 1]).sum())
    expected = 20 * chance * (n // 2 if kind == "weight" else n)
    assert abs(changed - expected) < 4 * np.sqrt(expected)
