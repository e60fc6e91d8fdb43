"""Whatever the community, the plan breaks no rule without saying so; checked by code that shares nothing with the planner."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community import ENDS, demo_community
from plan_communities import DAY, random_community
from plan_rules import broken_rules
from tenfold.plan.plan import make_plan


@pytest.mark.parametrize("n", [3, 11, 13, 200])
def test_no_rule_is_broken_unsaid_whatever_the_size(n):
    for seed in range(2):
        people, contacts, load = random_community(n, seed)
        plan = make_plan(people, contacts, at=61 * DAY, replicates=2, load=load)
        assert broken_rules(people, plan, load) == []


@settings(max_examples=8, deadline=None)
@given(n=st.integers(2, 40), seed=st.integers(0, 2**32))
def test_no_rule_is_broken_unsaid(n, seed):
    people, contacts, load = random_community(n, seed)
    plan = make_plan(people, contacts, at=61 * DAY, replicates=2, load=load)
    assert broken_rules(people, plan, load) == []
    again = make_plan(people, contacts, at=62 * DAY, replicates=2, load=load, previous=plan.tables())
    assert broken_rules(people, again, load) == []


def test_the_rules_are_checked():
    """The checker finds what was broken on purpose."""
    people, contacts = demo_community()
    plan = make_plan(people, contacts, at=ENDS, replicates=2)
    assert broken_rules(people, plan) == []
    object.__setattr__(plan, "unmet", plan.unmet.clear())
    found = broken_rules(people, plan)
    assert any(one.startswith("one language") for one in found)
    object.__setattr__(plan, "this_week", pl.concat([plan.this_week] * 3))
    assert {"a pair is in contact twice", "somebody is contacted by more people than may"} <= set(broken_rules(people, plan))
