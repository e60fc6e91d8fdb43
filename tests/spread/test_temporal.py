"""Runs over contacts in time that end before the run does."""

import warnings
from dataclasses import replace

import pytest

import tenfold as tf

CONTACTS = tf.Temporal.from_contacts([0, 20], [0, 1], [1, 2], window=20)
RUN = {"steps": 4, "start": {"I": [2]}, "seed": 1}


def test_steps_past_the_last_contact_are_announced():
    with pytest.warns(UserWarning, match="contacts end after step 2, so nobody meets in the last 2 of 4 steps"):
        counts = tf.simulate(tf.models.si(chance=1.0), CONTACTS, **RUN).counts
    assert counts[0, :, 1].tolist() == [1, 1, 2, 2, 2]  # 1 meets 2 at step 2; 0 would meet 1 at step 3, if contacts began anew


@pytest.mark.parametrize(("after", "infected"), [("repeat", [1, 1, 2, 3, 3]), ("hold", [1, 1, 2, 2, 2])])
def test_contacts_go_on_as_asked(after, infected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        counts = tf.simulate(tf.models.si(chance=1.0), replace(CONTACTS, after=after), **RUN).counts
    assert counts[0, :, 1].tolist() == infected


def test_no_warning_where_the_contacts_reach_to_the_end():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.simulate(tf.models.si(chance=1.0), CONTACTS, steps=2, start={"I": [2]}, seed=1)
