"""Numbers of pairs: all ties first, then others in the order of the contacts, whoever of the two makes the contact."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tenfold.plan.ties import Ties, number_pairs


def plain_numbers(ties, contacts):
    """One after the other, in a dictionary."""
    number = {}
    for pair in [*ties, *contacts]:
        number.setdefault(frozenset(pair), len(number))
    return number


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(0, 40))
def test_pairs_equal_their_twin(seed, n, contacts):
    rng = np.random.default_rng(seed)
    all_pairs = [(i, j) if rng.random() < 0.5 else (j, i) for i in range(n) for j in range(i)]
    tied = [all_pairs[k] for k in rng.permutation(len(all_pairs))[: len(all_pairs) // 3]]
    a, b = np.array(tied, np.int64).reshape(-1, 2).T
    initiator, recipient = rng.integers(0, n, contacts), rng.integers(0, n, contacts)
    found = number_pairs(Ties(a, b, pl.DataFrame()), n, initiator, recipient)
    expected = plain_numbers(tied, zip(initiator.tolist(), recipient.tolist(), strict=True))
    assert [frozenset(pair) for pair in zip(found.a.tolist(), found.b.tolist(), strict=True)] == list(expected)
    assert (found.a <= found.b).all()
    pairs = zip(initiator.tolist(), recipient.tolist(), strict=True)
    assert found.of_contact.tolist() == [expected[frozenset(pair)] for pair in pairs]
    assert len(found) == len(expected)


def test_ties_are_among_those_named_and_lost_ones_can_be_left_out():
    bonds = pl.DataFrame(
        {"a": ["x", "x", "y"], "b": ["y", "z", "z"], "strength": [3.0, 2.0, 1.0], "standing": ["lost", "kept", "due"]}
    )
    ties = Ties.among(pl.Series(["z", "x", "w", "y"]), bonds)
    assert (ties.a.tolist(), ties.b.tolist(), ties.strength.tolist()) == ([1, 1, 3], [3, 0, 0], [3.0, 2.0, 1.0])
    living = ties.only_living()
    assert (living.a.tolist(), living.b.tolist()) == ([1, 3], [0, 0])
    assert Ties.among(pl.Series(["x", "y"]), bonds).table["standing"].to_list() == ["lost"]
